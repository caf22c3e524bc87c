import { attentionOf } from '../attention/attention.ts';
import { toldById } from '../attention/told.ts';
import type { State } from '../state/index.ts';
import { lookUp, requireOne } from './selection.ts';

/** What can be named, where the state has all there are of it; a plan is called so where people read of it. */
const RECORDS = {
  alert: (state: State) => toldById(state, attentionOf(state)),
  batch: (state: State) => state.batches,
  group: (state: State) => state.groups,
  instance: (state: State) => state.instances,
  plan: (state: State) => state.specs,
  spec: (state: State) => state.specs,
  task: (state: State) => state.tasks,
};

/** A noun whose records the state has. */
export type Named = keyof typeof RECORDS;

/** What a command says of its ids; `Command` tells what each means. */
type Naming = {
  readonly noun: string;
  readonly names?: 'files' | 'new' | 'settings' | Named;
  readonly one?: string;
};

/** What the ids behind a noun name. The nouns that are missing name what only files, git, tmux or the journal know. */
const NAMED_BEHIND: Readonly<Record<string, Named>> = {
  ...{ brief: 'task', race: 'task', result: 'task', progress: 'task' },
  ...{ alert: 'alert', log: 'instance', usage: 'instance', graph: 'spec', integration: 'batch' },
  ...{ group: 'group', instance: 'instance', plan: 'plan', spec: 'spec', task: 'task' },
};

/** What the ids of a command name; undefined where the state does not tell whether it is there. */
const namedBy = ({ noun, names }: Naming): Named | undefined => {
  if (names === 'files' || names === 'new' || names === 'settings') return undefined;
  return names ?? NAMED_BEHIND[noun];
};

const hasFolder = ({ instances }: State, id: string): boolean => Object.hasOwn(instances, id);

/** Nouns that the state knows some of, although not all there are. */
const KNOWN_IN_PART: Readonly<Record<string, (state: State, id: string) => boolean>> = {
  worktree: hasFolder,
  diff: (state, id) => hasFolder(state, id) || (Object.hasOwn(state.tasks, id) && state.tasks[id]!.run !== null),
  branch: (state, id) => Object.values(state.instances).some(({ branch_name }) => branch_name === id),
};

/** Whether something is named of which only git, files, terminals or the journal know whether it is there. */
export const namesUnknown = (state: State, command: Naming, { id }: Readonly<Record<string, unknown>>): boolean => {
  if (!Array.isArray(id) || command.names === 'new' || command.names === 'settings') return false;
  if (namedBy(command) !== undefined) return false;
  const isKnown = command.names === 'files' ? undefined : KNOWN_IN_PART[command.noun];
  return id.some((one: string) => !isKnown?.(state, one));
};

/** Refuses an id behind which there is nothing, and several where one is taken, as the command itself does. */
export const refuseNames = (state: State, command: Naming, { id }: Readonly<Record<string, unknown>>): void => {
  // One that names what it makes takes its name as it is.
  if (!Array.isArray(id)) return;
  const ids: readonly string[] = id;
  if (command.one !== undefined) requireOne(ids, command.one);
  const named = namedBy(command);
  if (named === undefined) return;
  const records = RECORDS[named](state);
  for (const one of ids) lookUp<unknown>(records, one, named);
};
