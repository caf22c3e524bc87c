import { ASIDE_STATES, type Aside, type Instance, type StateMark } from './instances.ts';

/** So many of each instance are kept: what is merged and drawn for hours, and little beside a journal. */
const KEPT_ASIDES = 300;

/** What the last transitions of an instance are kept as; with as many the first may be gone. */
export const KEPT_TRANSITIONS = 20;

type Kept = Pick<Instance, 'transitions' | 'asides' | 'asides_since'>;

const isAside = (kind: StateMark['kind']): kind is Aside['kind'] => (ASIDE_STATES as readonly string[]).includes(kind);

/** What came after another of the same kind at once is one with it. */
const joined = (before: readonly Aside[], next: Aside): readonly Aside[] => {
  const last = before.at(-1);
  return last?.kind === next.kind && last.to === next.from
    ? [...before.slice(0, -1), { ...last, to: next.to }]
    : [...before, next];
};

/** When an instance waited for a person or was down, and does no more, by its transitions. */
const endedIn = (transitions: readonly StateMark[]): readonly Aside[] =>
  transitions.slice(0, -1).reduce<readonly Aside[]>((found, { kind, since }, i) => {
    const next = { from: since, to: transitions[i + 1]!.since };
    return isAside(kind) && next.to > next.from ? joined(found, { kind, ...next }) : found;
  }, []);

/** The same as it is kept. One that was recorded before this was kept has what its transitions say. */
export const asidesIn = ({ asides, transitions }: Kept): readonly Aside[] => asides ?? endedIn(transitions);

/** Since when an instance is in such a state; null: it is in none. */
export const openAside = ({ transitions }: Pick<Instance, 'transitions'>): Omit<Aside, 'to'> | null => {
  const last = transitions.at(-1);
  return last && isAside(last.kind) ? { kind: last.kind, from: last.since } : null;
};

/** From when on that is known; null: from the beginning. */
const asidesKnownFrom = ({ asides, asides_since, transitions }: Kept): string | null =>
  asides_since ?? (asides === undefined && transitions.length >= KEPT_TRANSITIONS ? transitions[0]!.since : null);

/** From when on it is known of all of these; null: from the beginning. */
export const allKnownFrom = (instances: Readonly<Record<string, Instance>>): string | null =>
  Object.values(instances).reduce<string | null>((latest, one) => {
    const from = asidesKnownFrom(one);
    return from !== null && (latest === null || from > latest) ? from : latest;
  }, null);

/** What is kept of an instance that goes over to another state. */
export const keptAsides = (instance: Kept, at: string): Pick<Instance, 'asides' | 'asides_since'> => {
  const before = asidesIn(instance);
  const ended = openAside(instance);
  const all = ended && at > ended.from ? joined(before, { ...ended, to: at }) : before;
  const known = asidesKnownFrom(instance);
  const gone = all.length > KEPT_ASIDES ? all[all.length - KEPT_ASIDES - 1] : undefined;
  const since = gone?.to ?? known;
  // As long as its transitions have all, they say it.
  const isNeeded = instance.asides !== undefined || instance.transitions.length >= KEPT_TRANSITIONS - 1;
  return {
    ...(isNeeded ? { asides: all.slice(-KEPT_ASIDES) } : {}),
    ...(since === null ? {} : { asides_since: since }),
  };
};
