import { adviceOf } from '../../lib/errors.ts';
import { valuesOf } from '../../lib/records.ts';
import type { Radar } from '../../ports/machine.ts';
import type { Foreseen } from '../../ports/radar.ts';
import { MERGED_SIDE } from '../../state/conflicts.ts';
import { dataOf } from '../../state/facts.ts';
import type { AppEvent, State } from '../../state/index.ts';
import { isAlive } from '../../state/moves.ts';
import { sideName, sideText } from '../../text/conflict-text.ts';
import { typeLine } from '../actions/type-line.ts';
import { makeRounds, type Service } from '../health/service.ts';
import type { DaemonServices } from '../services.ts';
import { conflictFacts, conflictId, goOnFacts, knownOf, type Met } from './conflict-facts.ts';
import { type Side, sidesOf } from './conflict-sides.ts';
import { examineClash } from './examine-clash.ts';
import { followWorks } from './follow-works.ts';

/** Whether all that the worktree holds is merged already: what two such would meet has been settled. */
const isMerged = (state: State, { look }: Side, base: Side | undefined): boolean =>
  look.tree === null &&
  (look.head === base?.look.head ||
    valuesOf(state.tasks).some(({ batch, run }) => batch !== null && run?.result?.head_commit === look.head));

/** What all work is merged into, as one more side, which comes last. */
const integrated = async ({ home, settings }: DaemonServices): Promise<readonly Side[]> => {
  const head = await home.git.resolve(`refs/heads/${settings.branches.integration}`);
  return head === null ? [] : [{ id: MERGED_SIDE, task: null, look: { head, tree: null, objects: null } }];
};

/** Whether what two sides meet is nobody's concern: it is settled, or the same is met at what was merged of one of them. */
const isSettled = (state: State, sides: readonly Side[], [first, second]: readonly [Side, Side]): boolean => {
  const base = sides.find(({ id }) => id === MERGED_SIDE);
  if (!base) return [first, second].every((side) => isMerged(state, side, base));
  return [first, second].some((side) => side !== base && isMerged(state, side, base));
};

/** What a look found between two sides: in the order of their names, or one with what is merged already. */
const metOf = (state: State, sides: readonly Side[], { pair, both, clashes }: Foreseen): Met | undefined => {
  const two = [sides[pair[0]]!, sides[pair[1]]!] as const;
  const isSafe = two[1].id === MERGED_SIDE && clashes.length === 0;
  if (isSafe || isSettled(state, sides, two)) return undefined;
  const clashing = clashes.map(({ path, kind, lines }) => ({
    ...{ path, kind },
    lines: [lines[0].map(([a, b]) => [a, b]), lines[1].map(([a, b]) => [a, b])] as Met['files'][number]['lines'],
  }));
  const safe = both.map((path): Met['files'][number] => ({ path, kind: 'overlap', lines: [[], []] }));
  return {
    instances: [two[0].id, two[1].id],
    tasks: [two[0].task, two[1].task],
    files: clashing.length > 0 ? clashing : safe,
  };
};

const isOverlap = ({ files }: Met): boolean => files.every(({ kind }) => kind === 'overlap');

/** A name that can be typed into an agent: it stands in a sentence, and says nothing itself. */
const PLAIN = /^[\w./@+-]{1,120}$/u;

const lineFor = (met: Met, side: 0 | 1): string => {
  const other = side === 0 ? 1 : 0;
  const files = met.files.filter(({ path }) => PLAIN.test(path)).map((file) => sideText(file, side));
  const where = files.length > 0 ? files.slice(0, 5).join(', ') : 'a file that you change';
  if (met.instances[other] === MERGED_SIDE)
    return `Drover: what is merged already changes ${where} as well, and your work would conflict with it when it is merged. Keep your change there small, or leave it out if your task allows.`;
  const [name, instance] = [sideName(met, other), met.instances[other]];
  return `Drover: ${name}${name === instance ? '' : ` of ${instance}`} changes ${where} as well, and the two would conflict when they are merged. Keep your change there small, or leave it out if your task allows.`;
};

/** Tells both agents of a conflict that is new; one that is gone meanwhile, or asks something, is left alone. */
const tell = async (services: DaemonServices, met: Met): Promise<void> => {
  for (const side of [0, 1] as const) {
    const instance = services.store.state.instances[met.instances[side]];
    const isThere =
      instance && instance.pane !== null && isAlive(instance.state.kind) && instance.state.kind !== 'waiting';
    if (!isThere || instance.hold !== null) continue;
    const once = `conflict ${conflictId(met.instances)} ${met.tasks.join(' ')}`;
    await typeLine(services, instance, { text: lineFor(met, side), once }).catch((error: unknown) =>
      services.log(`${instance.instance_id} was not told of a conflict: ${adviceOf(error)}`),
    );
  }
};

/** The conflicts among these events that were not there before them. */
const begun = (events: readonly AppEvent[], before: State): Met[] =>
  events.flatMap((event) =>
    event.type === 'conflict.predicted' && !knownOf(before, event.data) && !isOverlap(event.data) ? [event.data] : [],
  );

/**
 * Foresees conflicts between the worktrees of all instances, committed or not, finished work that waits to be merged, and of each
 * with what is merged already. What a look finds is kept here and changes with every edit; recorded is only that a conflict has begun, is about something else, or is gone.
 */
export const watchConflicts = (services: DaemonServices): Service & { readonly radar: Radar } => {
  const { decide, home, log, signal, store } = services;
  const rounds = makeRounds({ complaint: 'conflicts are not foreseen', everyMs: 0, log, signal });
  let latest: readonly Met[] = [];
  let wanted = false;
  let working: Promise<void> | undefined;

  const round = async (): Promise<void> => {
    const { sides: own, unseen } = sidesOf(store.state, works);
    const sides = [...own, ...(await integrated(services))];
    const foreseen = await home.git.foresee(
      sides.map(({ look }) => look),
      signal,
    );
    latest = foreseen.flatMap((one) => metOf(store.state, sides, one) ?? []);
    const settings = services.settings.conflicts;
    const told = latest.filter((met) => settings.overlaps || !isOverlap(met));
    const facts = (state: State) => [...conflictFacts(state, told, settings, unseen), ...goOnFacts(state)];
    if (facts(store.state).length === 0) return;
    const before = store.state;
    const events = await decide(facts);
    if (settings.tell) for (const met of begun(events, before)) void tell(services, met);
  };
  const look = async (): Promise<void> => {
    while (wanted && !signal.aborted) {
      wanted = false;
      await rounds.work(round);
    }
    working = undefined;
  };
  const ring = (): void => {
    wanted = true;
    if (!signal.aborted) working ??= look();
  };
  const works = followWorks(services, ring);
  const examine: Radar['examine'] = async (met) => {
    const sides = [...sidesOf(store.state, works).sides, ...(await integrated(services))];
    const [ours, theirs] = met.instances.map((id) => sides.find((side) => side.id === id)?.look);
    return ours && theirs ? examineClash(services, met, [ours, theirs]) : [];
  };
  // Whose work it is, and whether that is merged, is said by the tasks; what a person brought in, by their command.
  const leave = store.subscribe((events) => {
    const isSynced = dataOf(events, 'command.finished').some(({ verb }) => verb === 'sync');
    if (isSynced || events.some(({ type }) => /^(?:run|task|batch)\./u.test(type) && type !== 'run.progressed')) ring();
  });
  const finish = async (): Promise<void> => {
    await works.done;
    leave();
    await working;
  };
  return {
    name: 'conflict-radar',
    capabilities: ['follow what worktrees hold', 'foresee conflicts between them, and with what is merged'],
    health: () => {
      const { indicators, ...now } = rounds.health();
      const unwatched = [...works.looks].flatMap(([id, { unwatched: why }]) => (why === null ? [] : [`${id}: ${why}`]));
      const troubles = [...[...works.troubles].map(([id, why]) => `${id}: ${why}`), ...unwatched];
      const figures = { ...indicators, worktrees: works.looks.size, pairs: latest.length };
      if (now.state !== 'ok' || troubles.length === 0) return { ...now, indicators: figures };
      return { state: 'degraded', why: `It sees less, or later: ${troubles.join('; ')}.`, indicators: figures };
    },
    radar: { now: () => latest, looks: () => works.looks, examine },
    done: finish(),
  };
};
