import { valuesOf } from '../lib/records.ts';
import type { State } from '../state/index.ts';
import type { Task } from '../state/tasks.ts';

/** Names that exist, to be offered where one may stand; kinds that nobody has looked for are missing. */
export type KnownIds = {
  readonly instances?: readonly string[];
  readonly tasks?: readonly string[];
  readonly batches?: readonly string[];
  readonly specs?: readonly string[];
  readonly worktrees?: readonly string[];
  readonly branches?: readonly string[];
  readonly alerts?: readonly string[];
  readonly conflicts?: readonly string[];
  /** Groups of instances. */
  readonly groups?: readonly string[];
  /** The parts of plans that tasks belong to. */
  readonly parts?: readonly string[];
  /** Tasks that have failed, now or in an earlier attempt. */
  readonly failures?: readonly string[];
  /** Tasks that several instances do, or did, at once. */
  readonly races?: readonly string[];
  /** Branches to which what is merged was brought. */
  readonly deliveries?: readonly string[];
  /** The keys of the settings. */
  readonly settings?: readonly string[];
  /** What happens, and the nouns that it happens to. */
  readonly events?: readonly string[];
  /** The paths of plans that lie here and are not imported. */
  readonly plans?: readonly string[];
  /** The agents and the run profiles of the language that a line is said in. */
  readonly agents?: readonly string[];
  readonly modes?: readonly string[];
};

const distinct = (names: readonly (string | null | undefined)[]): readonly string[] => [
  ...new Set(names.filter((name) => typeof name === 'string')),
];

/** Conflicts as the list of them names them: what is foreseen, then what batches have set aside, the latest first. */
const conflictIds = ({ predicted, batches }: State): readonly string[] => [
  ...Object.values(predicted).map(({ instances }) => instances.join('/')),
  ...Object.values(batches)
    .toReversed()
    .flatMap(({ id, set_aside }) =>
      set_aside.filter(({ reason }) => reason === 'conflict').map(({ task }) => `${id}/${task}`),
    ),
];

/** The names that a state knows. Each kind is looked for only where it is asked for: there may be thousands of tasks. */
export const knownIdsIn = (state: State): KnownIds => ({
  get instances() {
    return Object.keys(state.instances);
  },
  get tasks() {
    return Object.keys(state.tasks);
  },
  get batches() {
    return Object.keys(state.batches);
  },
  get specs() {
    return Object.keys(state.specs);
  },
  get worktrees() {
    return ['integration', ...Object.keys(state.instances)];
  },
  get branches() {
    const worked = valuesOf(state.tasks).map(({ run }) => run?.branch);
    return distinct([...Object.values(state.instances).map((one) => one.branch_name), ...worked]);
  },
  get alerts() {
    return Object.keys(state.alerts);
  },
  get conflicts() {
    return conflictIds(state);
  },
  get groups() {
    return Object.keys(state.groups);
  },
  get parts() {
    return distinct(valuesOf(state.tasks).map(({ group }) => group));
  },
  get failures() {
    const runs = ({ run, history }: Task) => [...history, ...(run ? [run] : [])];
    return valuesOf(state.tasks)
      .filter((task) => runs(task).some(({ failure }) => failure !== null))
      .map(({ id }) => id);
  },
  get races() {
    return valuesOf(state.tasks)
      .filter(({ race }) => race !== undefined)
      .map(({ id }) => id);
  },
  get deliveries() {
    return distinct(Object.values(state.batches).map(({ delivery }) => delivery?.branch));
  },
});
