import { chmod, lstat, readFile, rename, rm, stat } from 'node:fs/promises';
import { endHolder, pidOfHolder } from '../../client/gone.ts';
import { versionOf } from '../../client/package.ts';
import { isShutIn } from '../../client/shut-in.ts';
import { gitRunner } from '../../git/run.ts';
import { AppError } from '../../lib/errors.ts';
import type { LostForwarder } from '../../ports/target.ts';
import { endForwarder } from '../../process/lost-forwarders.ts';
import { STARTED, statOf } from '../../process/proc-files.ts';
import { salvageJournal } from '../../state/store/salvage.ts';
import { askSocket } from './daemon.ts';
import type { Examination } from './examination.ts';
import type { Finding, Fix } from './finding.ts';
import { swarmServer } from './swarm-server.ts';

/** Why a repair was not made; undefined when it was. */
type Outcome = string | undefined;

const removeSocket = async (path: string, patience: number): Promise<Outcome> => {
  // A daemon may have put its own there meanwhile: under another name nobody else can, and it can be asked at leisure.
  const aside = `${path}.${process.pid}.old`;
  await rename(path, aside);
  if ((await askSocket(aside, patience)).kind === 'nobody') {
    await rm(aside, { force: true });
    return undefined;
  }
  await rename(aside, path);
  return 'a daemon listens there by now';
};

const removeHolder = async (path: string, pid: number): Promise<Outcome> => {
  if ((await readFile(path, 'utf8')).trim() !== String(pid)) return 'another process has it by now';
  await rm(path, { force: true });
  return undefined;
};

const makePrivate = async (path: string): Promise<Outcome> => {
  if (!(await lstat(path)).isDirectory()) return 'it is no folder any more';
  await chmod(path, 0o700);
  return undefined;
};

/** Puts what is in the way beside its place; it is never deleted. */
const setAside = async (path: string): Promise<Outcome> => {
  const free = async (n: number): Promise<string> => {
    const aside = `${path}.damaged${n === 1 ? '' : `-${n}`}`;
    return (await lstat(aside).catch(() => null)) ? free(n + 1) : aside;
  };
  await rename(path, await free(1));
  return undefined;
};

const salvage = async ({ place }: Examination): Promise<Outcome> => {
  const done = await salvageJournal(place!, () => new Date().toISOString(), versionOf());
  return done === undefined ? 'nothing of the journal is damaged' : undefined;
};

const forgetWorktree = async ({ place, processes, env, patience }: Examination, path: string): Promise<Outcome> => {
  if (await stat(path).catch(() => null)) return 'its folder is there again';
  const run = gitRunner({ processes, env, root: place!.root });
  await run(['worktree', 'remove', '--force', path], { timeoutMs: patience });
  return undefined;
};

const endSession = async ({ processes, env, settings }: Examination, mark: string): Promise<Outcome> => {
  // tmux itself compares the mark: a session that only has the name stays.
  await swarmServer({ processes, env, settings }).kill(mark);
  return undefined;
};

const stopForwarder = async (forwarder: LostForwarder): Promise<Outcome> =>
  endForwarder(forwarder) ? undefined : 'it has ended, or another process has its number';

/** Ends a daemon that cannot be reached, unless it can by now, or another process has its number. The agents go on. */
const endDaemon = async (
  { place, patience, env }: Examination,
  { pid, started }: { readonly pid: number; readonly started: string },
): Promise<Outcome> => {
  if (env['DROVER_TOKEN'] || isShutIn(place!)) return 'an agent may not end it';
  if ((await askSocket(place!.socket, patience)).kind === 'version') return 'it answers by now';
  const isThere = async () => (await pidOfHolder(place!)) === pid && statOf(pid)[STARTED] === started;
  if (!(await isThere())) return 'it has ended, or another process has its number';
  await endHolder(place!, pid);
  return (await isThere()) ? 'it is still there after SIGKILL' : undefined;
};

const carryOut = (examination: Examination, fix: Fix): Promise<Outcome> => {
  switch (fix.kind) {
    case 'remove-socket':
      return removeSocket(fix.path, examination.patience);
    case 'remove-holder':
      return removeHolder(fix.path, fix.pid);
    case 'make-private':
      return makePrivate(fix.path);
    case 'set-aside':
      return setAside(fix.path);
    case 'salvage-journal':
      return salvage(examination);
    case 'forget-worktree':
      return forgetWorktree(examination, fix.path);
    case 'end-session':
      return endSession(examination, fix.mark);
    case 'end-forwarder':
      return stopForwarder(fix.forwarder);
    case 'end-daemon':
      return endDaemon(examination, fix);
  }
};

const reason = (thrown: unknown): string => {
  const known = thrown instanceof AppError || (thrown instanceof Error && 'syscall' in thrown);
  if (!known) throw thrown;
  return thrown.message;
};

export type Fixed = Finding & { readonly fixed: boolean };

/**
 * Makes the safe repairs, one after the other, each once: one may mend what several findings tell of. What could not be
 * repaired says why, and counts as before.
 */
export const makeRepairs = async (
  examination: Examination,
  findings: readonly Finding[],
): Promise<readonly Fixed[]> => {
  const done: Fixed[] = [];
  const outcomes = new Map<string, Outcome>();
  const repair = async (fix: Fix): Promise<Outcome> => {
    const key = JSON.stringify(fix);
    if (!outcomes.has(key)) outcomes.set(key, await carryOut(examination, fix).catch(reason));
    return outcomes.get(key);
  };
  for (const finding of findings) {
    const why = finding.fix ? await repair(finding.fix) : 'nothing can be done safely';
    if (why === undefined) done.push({ ...finding, fixed: true });
    else
      done.push({
        ...finding,
        fixed: false,
        ...(finding.fix ? { cause: `${finding.cause} (not repaired: ${why})` } : {}),
      });
  }
  return done;
};
