import { isId } from './forms.ts';
import type { KnownIds } from './known-ids.ts';
import { quote } from './lex.ts';
import { saidName } from './say.ts';
import type { Signature } from './signature.ts';
import { agentsIn, type Vocabulary } from './vocabulary.ts';

type Kind = keyof KnownIds;

/** The kinds of names that stand for a noun. */
const NAMED: Readonly<Record<string, readonly Kind[]>> = {
  integration: ['batches'],
  instance: ['instances'],
  session: ['instances'],
  log: ['instances'],
  diff: ['tasks', 'instances'],
  task: ['tasks'],
  brief: ['tasks'],
  result: ['tasks'],
  spec: ['specs'],
  plan: ['specs'],
  graph: ['specs'],
  worktree: ['worktrees'],
  branch: ['branches'],
  alert: ['alerts'],
  conflict: ['conflicts'],
  group: ['groups'],
  failure: ['failures'],
  race: ['races'],
  config: ['settings'],
  adapter: ['agents'],
  mode: ['modes'],
  progress: ['tasks'],
  usage: ['instances'],
  color: ['instances'],
};

const namesOf = (kinds: readonly Kind[], known: KnownIds): readonly string[] =>
  kinds.flatMap((kind) => known[kind] ?? []);

/** The names that may stand for a noun. */
export const idsOf = (noun: string, known: KnownIds): readonly string[] => namesOf(NAMED[noun] ?? [], known);

/** The kinds of names that a parameter takes, whichever command it belongs to. */
const TAKEN: Readonly<Record<string, readonly Kind[]>> = {
  spec: ['specs'],
  deps: ['tasks'],
  dependencies: ['tasks'],
  after: ['tasks'],
  about: ['tasks'],
  task: ['tasks'],
  instances: ['instances'],
  on: ['instances'],
  from: ['instances'],
  target: ['groups', 'instances'],
};

/** Which kind of group a command means: that of a plan's tasks, or that of the instances which are to do something. */
const groupKind = ({ noun, verb }: Signature): Kind => (noun === 'task' && verb !== 'run' ? 'parts' : 'groups');

/** The values that are known for a parameter of a command, as they are said behind its `=`. */
export const valuesFor = (
  parameter: string,
  signature: Signature,
  { vocabulary, known }: { readonly vocabulary: Vocabulary; readonly known: KnownIds },
): readonly string[] => {
  if (!signature.parameters.includes(parameter)) return [];
  const chosen = signature.values?.[parameter];
  if (chosen) return chosen;
  switch (parameter) {
    case 'agent':
    case 'agents':
      return agentsIn(vocabulary).filter(isId).map(saidName);
    case 'mode':
      return vocabulary.modes.map((name) => quote(name));
    case 'to':
      return signature.verb === 'merge' ? namesOf(['deliveries'], known).map((name) => quote(name)) : [];
    case 'type':
      return signature.noun === 'event' ? namesOf(['events'], known).map((name) => quote(name)) : [];
    case 'except':
      return idsOf(signature.noun, known).map((name) => quote(name));
    case 'group':
      return namesOf([groupKind(signature)], known).map((name) => quote(name));
    default:
      return namesOf(TAKEN[parameter] ?? [], known).map((name) => quote(name));
  }
};
