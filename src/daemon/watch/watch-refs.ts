import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '../../lib/errors.ts';
import { valuesOf } from '../../lib/records.ts';
import { oneLine, shorten } from '../../lib/text.ts';
import { saidName } from '../../protocol/say.ts';
import type { EventDraft } from '../../state/index.ts';
import { refName } from '../../text/ref-name.ts';
import { INTEGRATION } from '../integration/integration-worktree.ts';
import { makeRounds, type Service } from '../health/service.ts';
import type { DaemonServices } from '../services.ts';
import { type GitRun, runsIn } from './git-trail.ts';
import { lostRefs, noteLost } from './lost-refs.ts';
import { followRefFolders } from './ref-folders.ts';
import { changesBetween, isForged, isFromElsewhere, type RefChange, suspectsOf } from './ref-suspects.ts';

type States = Readonly<Record<string, string>>;

/** What belongs together is looked at together, after so many milliseconds. */
const GATHER_MS = 60;
/** A trail is read from its end, and begun anew when it is longer, in bytes. */
const TRAIL_BYTES = 256 * 1024;

/** What is checked out in the worktree in which batches are put together; git numbers its name where another one has it. */
const IN_PLACE = new RegExp(String.raw`^worktrees/${INTEGRATION}\d*/HEAD$`, 'u');

/** So often refs are looked at where the system does not tell when they change, in milliseconds. */
const BLIND_MS = 2000;

const KEPT = 'refs/drover/archive/lost/';

/** Whether a ref is that of an instance itself: its branches, and what it has checked out. */
const isOwn = ({ store }: DaemonServices, who: string, { ref }: RefChange): boolean => {
  const { instances, tasks } = store.state;
  const own = valuesOf(tasks).flatMap(({ run }) => (run?.instance === who ? [run.branch] : []));
  const branches = [...own, instances[who]?.branch_name].map((name) => `refs/heads/${name}`);
  return branches.includes(ref) || ref === `worktrees/${who}/HEAD`;
};

const commandText = ({ command: [program = '', ...rest] }: GitRun): string =>
  shorten(oneLine([basename(program), ...rest].join(' ')), 120);

/** Who did it, as far as git itself has written it down; nobody is guessed. */
const bywhom = (runs: readonly GitRun[]): { readonly names: readonly string[]; readonly text: string } => {
  const names = [...new Set(runs.map(({ who }) => who))];
  if (names.length === 0) return { names, text: 'nobody is known who did it' };
  const one = (who: string) => `${who} ran "${commandText(runs.find((run) => run.who === who)!)}"`;
  const text = names.map(one).join(', and ');
  return { names, text: names.length === 1 ? text : `one of these did it: ${text}` };
};

const what = ({ ref, from, to }: RefChange): string => {
  const value = (text: string) =>
    text.replace(/^ref: refs\/heads\//u, '').replace(/^(?<id>[0-9a-f]{10})[0-9a-f]+$/u, '$<id>');
  if (from === null) return `${refName(ref)} was made at ${value(to!)}`;
  if (to === null) return `${refName(ref)}, which was at ${value(from)}, was taken away`;
  return `${refName(ref)} was moved from ${value(from)} to ${value(to)}`;
};

/** The alert about a ref that was changed past the guard. */
const alertFact = (change: RefChange, runs: readonly GitRun[], kept: string | null): EventDraft => {
  const { names, text } = bywhom(runs);
  return {
    type: 'alert.raised',
    data: {
      id: `ref:${change.ref}`,
      severity: change.from === null ? 'warning' : 'error',
      text: `${what(change)} past the guard: ${text}`,
      suggestion: kept === null ? 'list refs' : `restore ref ${saidName(kept)}`,
      instance: names.length === 1 ? names[0]! : null,
      task: null,
    },
  };
};

/** What git of all programs of the swarm has written down of itself. */
const readTrails = async ({ home, paths }: DaemonServices): Promise<readonly GitRun[]> => {
  const folder = `${paths.guard}/trail`;
  const names = (await home.files.list(folder)) ?? [];
  const all: GitRun[] = [];
  for (const who of names) {
    const path = `${folder}/${who}`;
    const size = (await home.files.readPiece(path, 0, 0))?.size ?? 0;
    const piece = await home.files.readPiece(path, Math.max(0, size - TRAIL_BYTES), TRAIL_BYTES);
    all.push(...runsIn(who, Buffer.from(piece?.bytes ?? []).toString(), paths.guard));
    if (size > TRAIL_BYTES) await home.files.write(path, '');
  }
  return all;
};

/** Those that only the daemon changes. */
const isOurs = ({ settings }: DaemonServices, { ref }: RefChange): boolean =>
  ref.startsWith('refs/drover/') || ref === `refs/heads/${settings.branches.integration}`;

/**
 * Whether somebody has only added to the branch of the merges, in the worktree that Drover has for it: that is where it tells
 * them to resolve what conflicts, and nothing is lost by it.
 */
const isAddedInPlace = async (
  services: DaemonServices,
  { ref, from, to }: RefChange,
  { after }: Pick<Look, 'after'>,
): Promise<boolean> => {
  const { git } = services.home;
  if (ref !== `refs/heads/${services.settings.branches.integration}` || from === null || to === null) return false;
  const head = Object.keys(after).find((one) => IN_PLACE.test(one) && after[one] === `ref: ${ref}`);
  if (head === undefined || (await git.refTrace(head)).last?.to !== to) return false;
  return git.isAncestor(from, to);
};

type Look = { readonly since: number; readonly until: number; readonly before: States; readonly after: States };

/** The runs of git that changed a ref past the guard; null where nothing speaks against whoever did it. */
const judge = async (
  services: DaemonServices,
  change: RefChange,
  look: Look,
  runs: () => Promise<readonly GitRun[]>,
): Promise<readonly GitRun[] | null> => {
  const { git } = services.home;
  const trace = await git.refTrace(change.ref);
  if (change.to !== null && trace.last?.to === change.to && trace.last.message.startsWith('drover: ')) return null;
  const written = change.to === null ? null : trace.writtenAt;
  const moment = {
    ...{ since: written ?? look.since, until: written ?? look.until, gone: trace.goneAt },
    ...{ heads: look.before, root: services.paths.root },
  };
  const found = suspectsOf(await runs(), change, moment);
  if (found.length > 0) return found.every(({ who }) => isOwn(services, who, change)) ? null : found;
  // What goes on changing is judged when it rests.
  const rests = async () => ((await git.refStates())[change.ref] ?? null) === change.to;
  if (isForged(change, trace) && (await rests()) && isForged(change, await git.refTrace(change.ref))) return [];
  const isElsewhere = async () =>
    isFromElsewhere(change, { now: look.after['HEAD'], trace: await git.refTrace('HEAD') });
  if ((await isElsewhere()) && (await rests()) && (await isElsewhere())) return [];
  if (await isAddedInPlace(services, change, look)) {
    services.log(`${what(change)} in its worktree: somebody has added to it`);
    return null;
  }
  const isTheirCheckout = look.after['HEAD'] === `ref: ${change.ref}`;
  return isOurs(services, change) && change.from !== null && !isTheirCheckout ? [] : null;
};

/** Keeps what a ref was at, and tells of it. */
const tell = async (services: DaemonServices, change: RefChange, runs: readonly GitRun[]): Promise<void> => {
  const { ref, from, to } = change;
  let id: string | null = null;
  if (from !== null && /^[0-9a-f]{40,64}$/u.test(from) && ref.startsWith('refs/')) {
    const name = `lost/${ref.replace(/^refs\//u, '').replaceAll(/[/@]/gu, '-')}`;
    const kept = await services.home.git.archive(name, from);
    const lost = await lostRefs(services);
    // A look before this one may have come no further.
    const known = lost.find((one) => one.kept === kept && one.ref === ref && one.from === from && one.to === to);
    id = known?.id ?? `${Date.parse(services.now()).toString(36)}-${lost.length}`;
    const { names } = bywhom(runs);
    await noteLost(services, { ...{ id, ref, from, to, kept }, by: [...names], at: services.now() });
  }
  await services.decide(() => [alertFact(change, runs, id === null ? null : refName(ref))]);
};

/** Judges changes and tells of those that speak for it; which of them could not be, and why. */
const judgeAll = async (
  services: DaemonServices,
  changes: readonly RefChange[],
  look: Look,
): Promise<ReadonlyMap<RefChange, unknown>> => {
  const failures = new Map<RefChange, unknown>();
  let trails: Promise<readonly GitRun[]> | undefined;
  const runs = () => (trails ??= readTrails(services));
  for (const change of changes)
    try {
      const found = await judge(services, change, look, runs);
      if (found) await tell(services, change, found);
    } catch (error) {
      failures.set(change, error);
    }
  return failures;
};

/** The states as they were before these changes. */
const withoutChanges = (after: States, changes: readonly RefChange[]): States => {
  const states = new Map(Object.entries(after));
  for (const { ref, from } of changes) {
    if (from === null) states.delete(ref);
    else states.set(ref, from);
  }
  return Object.fromEntries(states);
};

/**
 * Notices changes of refs that went around the guard, says who did it as far as git has written that down, and keeps what
 * was there. What a person does by git in their checkout is theirs.
 */
export const watchRefs = (services: DaemonServices): Service => {
  const { home, log, paths, signal } = services;
  const file = `${paths.guard}/refs.json`;
  const rounds = makeRounds({ complaint: 'looking at refs failed', everyMs: 1000, log, signal });
  let hasRung = true;
  let wake = (): void => undefined;
  const ring = (): void => {
    hasRung = true;
    wake();
  };
  const folders = followRefFolders(services, ring);
  let before: States | undefined;
  let since = 0;
  /** Whether the last look did not come to its end. */
  let isBehind = false;

  const look = async (): Promise<void> => {
    isBehind = true;
    const begun = Date.now();
    const after = await home.git.refStates();
    const until = Date.now();
    await folders.update();
    // Where the repository was just moved away, nothing is made anew in its old place.
    if (before === undefined) await home.files.makeFolder(paths.guard, 'last');
    const known = before ?? (await savedStates(services, file)) ?? after;
    const changes = changesBetween(known, after).filter(({ ref }) => !ref.startsWith(KEPT));
    const failures = await judgeAll(services, changes, { since, until, before: known, after });
    // Only now: a change of which nobody was told yet is one for the next look, and for the next daemon.
    const seen = withoutChanges(after, [...failures.keys()]);
    if (before === undefined || changes.length > failures.size) await home.files.write(file, JSON.stringify(seen));
    before = seen;
    for (const error of failures.values()) throw error;
    since = begun;
    isBehind = false;
  };

  const work = async (): Promise<void> => {
    while (!signal.aborted) {
      if (hasRung) {
        await pause(GATHER_MS, undefined, { signal, ref: false }).catch(() => undefined);
        hasRung = false;
        if (!signal.aborted) await rounds.work(look);
      } else {
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        const timer = isBehind || folders.isBlind() ? setTimeout(ring, BLIND_MS).unref() : undefined;
        await promise;
        clearTimeout(timer);
      }
    }
  };
  signal.addEventListener('abort', ring, { once: true });
  return {
    name: 'ref-watch',
    capabilities: ['tell of refs that were changed past the guard, and keep what was there'],
    health: () => {
      const now = rounds.health();
      if (now.state !== 'ok' || !folders.isBlind()) return now;
      const why = `The system watches no more folders: refs are looked at every ${BLIND_MS / 1000} seconds.`;
      return { ...now, state: 'degraded', why };
    },
    done: work().catch((error: unknown) => log(`refs are not watched any more: ${messageOf(error)}`)),
  };
};

const savedStates = async ({ home }: DaemonServices, file: string): Promise<States | undefined> => {
  const text = await home.files.readText(file);
  try {
    const read: unknown = JSON.parse(text ?? '');
    const isRecord = typeof read === 'object' && read !== null;
    return isRecord
      ? Object.fromEntries(Object.entries(read).filter(([, value]) => typeof value === 'string'))
      : undefined;
  } catch {
    return undefined;
  }
};
