import { COMMON_ENV, pickedEnv } from '../../agents/launch-script.ts';
import { messageOf } from '../../lib/errors.ts';
import { type Mutex, makeTurns } from '../../lib/mutex.ts';
import { withoutControls } from '../../lib/text.ts';
import type { Exit } from '../../ports/index.ts';
import type { Furnished, Target } from '../../ports/target.ts';
import { includedIn } from '../../state/included.ts';
import { sandboxForSetUp } from '../../state/sandbox-choice.ts';
import { isSame } from '../../state/trust.ts';
import { resolveSecrets } from '../config/live-secrets.ts';
import { setUpFailed } from '../errors.ts';
import { machineSize } from '../machine-size.ts';
import { shutInSetUp } from '../sandbox/shut-in-check.ts';
import { type DaemonServices, homeOf } from '../services.ts';
import { type PortBlock, portEnv } from './worktree-ports.ts';

/** A worktree that is made ready for work: by its name, which is that of its instance where it has one. */
export type Home = {
  readonly target: Target;
  readonly name: string;
  readonly path: string;
  readonly ports: PortBlock | null;
};

/** How much of the end of the log is told when a set-up fails, in bytes and in lines. */
const TOLD_BYTES = 4096;
const TOLD_LINES = 6;

/** The log of what made a worktree ready, and the sign that it is. */
const logFile = ({ target, name }: Home): string => `${homeOf(target.paths, name)}/setup.log`;
const doneFile = ({ target, name }: Home): string => `${homeOf(target.paths, name)}/setup.done`;

/** What all that runs in a worktree finds in its environment, beside what is its own; secrets stand there by name. */
export const worktreeVariables = (
  { settings }: Pick<DaemonServices, 'settings'>,
  ports: PortBlock | null,
): Record<string, string> => ({ ...settings.worktrees.env, ...portEnv(ports) });

/** What it is to have, as patterns: those that are copied in any case, those of what git ignores, those that are linked. */
const wantedFiles = async ({ settings }: DaemonServices, { target }: Home) => {
  const { copy, link, include, included } = settings.worktrees;
  if (!include || included.length === 0) return { copy, link, included: [] };
  // A delivery may have brought another one a moment ago, which nobody has seen yet.
  const text = await target.files.readText(`${target.git.root}/.worktreeinclude`);
  return { copy, link, included: isSame(includedIn(text ?? ''), included) ? included : [] };
};

const furnishHome = async (
  { copy, link, included }: Awaited<ReturnType<typeof wantedFiles>>,
  { target: { files, git }, path }: Home,
): Promise<Furnished> => {
  const [copies, ignored, links] = await Promise.all([
    git.strays(copy, 'all'),
    git.strays(included, 'ignored'),
    git.strays(link, 'folders'),
  ]);
  return files.furnish({ from: git.root, to: path, copies: [...new Set([...copies, ...ignored])], links });
};

const furnishedText = ({ copied, linked, refused }: Furnished): string =>
  [
    ...(copied > 0 ? [`copied from the checkout: ${copied}`] : []),
    ...(linked > 0 ? [`linked to the checkout: ${linked}`] : []),
    ...refused.map(({ path, why }) => `left out: ${path}: ${why}`),
    '',
  ].join('\n');

/** Whether what lies in a new worktree was written by nobody but the person: their branch has it. Asked where it matters. */
const isOwn = async ({ settings, store }: DaemonServices, { target: { git }, path }: Home): Promise<boolean> => {
  if (sandboxForSetUp(settings, store.state.swarm).mode === 'off') return true;
  const base = settings.branches.base ?? (await git.currentBranch());
  const commit = base === null ? null : await git.resolve(`refs/heads/${base}`);
  return commit !== null && git.isAncestor((await git.worktreeState(path)).head, commit);
};

/**
 * Runs a command of the settings in a worktree, shut in as checks are: an agent may have written the programs that it runs.
 * All that it prints goes to the end of the log at once.
 */
const runLogged = async (
  services: DaemonServices,
  home: Home,
  command: string,
  { own, signal = services.signal }: { readonly own: boolean; readonly signal?: AbortSignal | undefined },
): Promise<Exit> => {
  const { settings, secrets } = services;
  const { target, path: cwd } = home;
  const known = {
    ...pickedEnv(target.env, [...COMMON_ENV, ...settings.checks.pass_env]),
    ...(await resolveSecrets(worktreeVariables(services, home.ports), secrets)),
    DROVER_WORKTREE: home.name,
    DROVER_CHECKOUT: target.git.root,
  };
  const shut = own ? null : await shutInSetUp(services, target, { cwd, env: known });
  const script = 'exec >>"$1" 2>&1 </dev/null; printf "$ %s\\n" "$2"; shift 2; exec "$@"';
  return target.processes.run(
    {
      file: 'sh',
      args: ['-c', script, 'sh', logFile(home), command, ...(shut?.wall ?? []), 'sh', '-c', command],
      cwd,
      env: shut?.env ?? known,
      timeoutMs: settings.worktrees.timeout_ms,
    },
    signal,
  );
};

const problemOf = (exit: Exit): string | undefined => {
  if (exit.code === 0) return undefined;
  return exit.timedOut ? 'took too long' : exit.signal ? `was ended by ${exit.signal}` : `ended with ${exit.code}`;
};

/** The last lines of the log. */
const lastLines = async ({ secrets }: DaemonServices, home: Home): Promise<string> => {
  const { files } = home.target;
  const size = (await files.readPiece(logFile(home), 0, 0))?.size ?? 0;
  const piece = await files.readPiece(logFile(home), Math.max(0, size - TOLD_BYTES), TOLD_BYTES);
  const text = secrets.redact(withoutControls(Buffer.from(piece?.bytes ?? []).toString()));
  return text.trim().split('\n').slice(-TOLD_LINES).join(' · ');
};

const turns = new WeakMap<DaemonServices, Mutex>();

/**
 * Has the set-ups of a daemon wait for each other: each may take all cores, the disk and the network for itself. Who gives up
 * before the turn has come does not wait for it.
 */
const setupTurns = (services: DaemonServices) => {
  const places = () => services.settings.worktrees.setups ?? Math.max(1, Math.floor(machineSize().cores / 2));
  const mine = turns.get(services) ?? makeTurns(places);
  turns.set(services, mine);
  return <T>(work: () => Promise<T>, signal = services.signal): Promise<T> => {
    const { promise: givenUp, reject } = Promise.withResolvers<never>();
    const giveUp = (): void => reject(signal.reason as Error);
    signal.addEventListener('abort', giveUp, { once: true });
    const done = mine(() => {
      signal.removeEventListener('abort', giveUp);
      signal.throwIfAborted();
      return work();
    });
    return Promise.race([done, givenUp]);
  };
};

type How = {
  /** No agent has worked there yet. */
  readonly isNew: boolean;
  /** Aborts where nobody wants it any more; without it the daemon's own. */
  readonly signal?: AbortSignal;
};

/** Gives a worktree what the settings say and runs their set-up there. Rejects with `worktree/set-up` when that fails. */
export const setUp = async (
  services: DaemonServices,
  home: Home,
  { isNew, signal }: How = { isNew: false },
): Promise<{ log: string | null }> => {
  const { files } = home.target;
  const { setup } = services.settings.worktrees;
  const wanted = await wantedFiles(services, home);
  await files.remove(doneFile(home));
  if (setup === undefined && [wanted.copy, wanted.link, wanted.included].every((some) => some.length === 0))
    return { log: null };
  const log = logFile(home);
  const own = setup !== undefined && isNew && (await isOwn(services, home));
  await files.makeFolder(homeOf(home.target.paths, home.name));
  await files.write(log, furnishedText(await furnishHome(wanted, home)));
  const inTurn = setupTurns(services);
  const problem =
    setup === undefined
      ? undefined
      : problemOf(await inTurn(() => runLogged(services, home, setup, { own, signal }), signal));
  if (problem !== undefined)
    throw setUpFailed({ name: home.name, how: problem, last: await lastLines(services, home), log });
  await files.write(doneFile(home), `${services.now()}\n`);
  return { log };
};

/** The same, unless it was done in this worktree already. */
export const setUpOnce = async (services: DaemonServices, home: Home, how?: How): Promise<void> => {
  if ((await home.target.files.readText(doneFile(home))) === null) await setUp(services, home, how);
};

/** A worktree of that name is made anew: nothing is set up in it yet. */
export const forgetSetUp = ({ target, name }: Pick<Home, 'target' | 'name'>): Promise<void> =>
  target.files.remove(doneFile({ target, name, path: '', ports: null }));

/** Runs the teardown in a worktree that is about to go. That it fails keeps nobody from removing it, and is told in the log. */
export const tearDown = async (services: DaemonServices, home: Home): Promise<void> => {
  const { teardown } = services.settings.worktrees;
  if (teardown === undefined) return;
  try {
    await home.target.files.makeFolder(homeOf(home.target.paths, home.name));
    const problem = problemOf(await runLogged(services, home, teardown, { own: false }));
    if (problem !== undefined)
      services.log(`the teardown of ${home.name} ${problem}: ${await lastLines(services, home)}`);
  } catch (error) {
    services.log(`the teardown of ${home.name} was not run: ${messageOf(error)}`);
  }
};
