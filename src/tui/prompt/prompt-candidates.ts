import { openPlans } from '../../attention/spec-places.ts';
import type { Surroundings } from '../../attention/step.ts';
import type { Command, CommandLanguage, Registry } from '../../commands/define.ts';
import { shownLine } from '../../lib/text.ts';
import { complete } from '../../protocol/complete.ts';
import { knownIdsIn } from '../../protocol/known-ids.ts';
import { knownIn } from '../../protocol/known-words.ts';
import { pluralOf, vocabularyOf } from '../../protocol/vocabulary.ts';
import type { State } from '../../state/index.ts';
import { settingKeys } from '../../state/setting-layers.ts';
import { type Parameter, parametersOf } from '../../text/help/parameters.ts';
import { taskWord } from '../../text/task-rows.ts';
import { currentTask } from '../model/instance-list.ts';
import { INSTANCE_MARKS } from '../model/state-marks.ts';
import type { Candidate } from '../../ports/hint.ts';

/** The help for words that go with many commands. */
const WORDS: Readonly<Record<string, string>> = {
  all: 'every one',
  last: 'the latest one',
  running: 'those that are at work',
  up: 'so many more',
  down: 'so many fewer',
  to: 'this many in all, or whom it is given to',
  from: 'whom it is taken from',
  on: 'where it is done',
  graceful: 'it may finish what it does, and its work is committed',
  force: 'at once, without waiting for it',
  'keep-worktree': 'its folder stays',
  detailed: 'with all that is known',
  health: 'whether all is well',
  visual: 'as a picture',
  'conflict-resolve': 'what the rules can solve is solved',
  auto: 'by itself',
  ours: 'where both changed a line, ours stays',
  theirs: 'where both changed a line, theirs is taken',
  union: 'where both changed a line, both are kept',
  merge: 'with a commit that joins both',
  rebase: 'its commits anew, one after the other',
  squash: 'as one commit',
  'dry-run': 'only show what would happen',
  parallel: 'all at a time',
  sequential: 'one after the other',
  'read-only': 'look, and touch nothing',
  rw: 'the other user types as well',
  fresh: 'a new conversation',
  strict: 'stop at the first doubt',
  yes: 'do not ask first',
  'except=': 'but not these',
  apply: 'do it, not only show it',
  archived: 'those that were put out of the way',
  parse: 'how a command is understood',
  launch: 'start some and see that they work',
  stop: 'end some and see that they are gone',
  simulate: 'make it happen to a rehearsal',
  inject: 'the same as simulate',
};

const LATER = 'comes with a later version';

const byVerb = (registry: Registry, verb: string): readonly Command[] =>
  registry.commands.filter((command) => command.verb === verb);

const FEW = 6;
const list = (words: readonly string[]): string =>
  words.length > FEW ? `${words.slice(0, FEW).join(', ')} …` : words.join(', ');

/** The help for the first word of a command: for a verb what it does, for a noun the verbs that go with it. */
const firstHelp = (word: string, registry: Registry): string => {
  const meant = byVerb(registry, word);
  const [only] = meant;
  if (only && meant.length === 1) return only.summary;
  if (only) return `${only.summary} (${list(meant.map(({ noun }) => noun))})`;
  const { nouns, byVerb: known } = vocabularyOf(registry.signatures);
  if (known.has(word)) return LATER;
  const noun = nouns.get(word)?.noun;
  return list(registry.commands.filter((command) => command.noun === noun).map(({ verb }) => verb));
};

const withoutQuotes = (word: string): string => word.replace(/^"(?<inner>.*)"$/u, '$<inner>');

/** The help for what a plan, an alert or the integration worktree is called; undefined where it is none of these. */
const nameHelp = (name: string, state: State): string | undefined => {
  const alert = Object.hasOwn(state.alerts, name) ? state.alerts[name] : undefined;
  if (alert) return shownLine(alert.text);
  const spec = Object.hasOwn(state.specs, name) ? state.specs[name] : undefined;
  if (spec) return `the plan of ${shownLine(spec.source)}`;
  const group = Object.hasOwn(state.groups, name) ? state.groups[name] : undefined;
  if (group) return shownLine(group.description) || 'a group of agents';
  if (name === 'integration') return 'where batches are put together';
  const known = knownIdsIn(state);
  return (['branches', 'conflicts'] as const)
    .filter((kind) => known[kind]?.includes(name))
    .map((kind) => (kind === 'branches' ? 'a branch of the swarm' : 'a conflict'))[0];
};

/** The help for an id: what it names, or the state of that; undefined where it names nothing. */
const idHelp = (word: string, state: State): string | undefined => {
  const id = withoutQuotes(word);
  const instance = Object.hasOwn(state.instances, id) ? state.instances[id] : undefined;
  if (instance) {
    const { glyph, word: name } = INSTANCE_MARKS[instance.state.kind];
    const task = currentTask(instance, state.tasks);
    return `${glyph} ${name}${task ? ` · ${task.id} ${shownLine(task.title)}` : ''}`;
  }
  const task = Object.hasOwn(state.tasks, id) ? state.tasks[id] : undefined;
  if (task) return `${taskWord(task, state)} · ${shownLine(task.title)}`;
  const batch = Object.hasOwn(state.batches, id) ? state.batches[id] : undefined;
  return batch ? `${batch.merged.length} merged` : nameHelp(id, state);
};

const parameters = new WeakMap<Command, readonly Parameter[]>();

const parametersFor = (command: Command): readonly Parameter[] => {
  const known = parameters.get(command) ?? parametersOf(command.params);
  parameters.set(command, known);
  return known;
};

const parameterHelp = (word: string, meant: readonly Command[]): string | undefined => {
  const name = word.replace(/=$/u, '');
  const later = meant.flatMap(({ later: words }) => [...(words?.parameters ?? []), ...(words?.modifiers ?? [])]);
  if (later.includes(name)) return LATER;
  const found = meant.flatMap(parametersFor).find((one) => one.name === name);
  if (!found) return undefined;
  const values = ['text', 'ids'].includes(found.values) ? '' : `: ${found.values}`;
  return found.description === '' ? found.values : `${found.description}${values}`;
};

/** The help for a value of which nothing more is known: that of its parameter. */
const valueHelp = (parameter: string, meant: readonly Command[]): string =>
  meant.flatMap(parametersFor).find(({ name }) => name === parameter)?.description ?? '';

/** The commands that the words before may become. */
const meantBy = (before: string, registry: Registry): readonly Command[] => {
  const { verbs, nouns } = vocabularyOf(registry.signatures);
  const words = before.toLowerCase().split(/\s+/u).filter(Boolean);
  const said = words.flatMap((word) => verbs.get(word)?.map(({ verb }) => verb) ?? []);
  const noun = words.map((word) => nouns.get(word)?.noun).find((found) => found !== undefined);
  const meant = registry.commands.filter(({ verb }) => said.includes(verb));
  const exact = meant.filter((command) => command.noun === noun);
  return exact.length > 0 ? exact : meant;
};

/** The help for a name that the program has itself, or a plan; undefined where it is none. */
const ownHelp = (word: string, meant: readonly Command[], { language }: Known): string | undefined => {
  const name = withoutQuotes(word);
  const isAbout = (noun: string): boolean => meant.some((command) => command.noun === noun);
  const setting = isAbout('config') ? settingKeys().find(({ key }) => key === name) : undefined;
  if (setting) return shownLine(setting.description) || 'a setting';
  if (isAbout('mode') && language.modes?.includes(name)) return 'a run profile';
  return meant.some(({ verb, noun }) => verb === 'import' && noun === 'spec') && /[./]/u.test(name)
    ? 'a plan of which nothing is imported'
    : undefined;
};

const helpFor = (word: string, meant: readonly Command[], known: Known): string => {
  const { state, language } = known;
  const { parameter, value } = /^(?<parameter>[a-z][\w-]*)=(?:.*,)?(?<value>.+)$/u.exec(word)?.groups ?? {};
  const id = idHelp(value ?? word.slice(word.lastIndexOf(',') + 1), state);
  if (id !== undefined) return id;
  if (parameter === 'agent') return 'an agent that can be launched';
  if (parameter !== undefined) return valueHelp(parameter, meant);
  const own = ownHelp(word, meant, known);
  if (own !== undefined) return own;
  const { nouns } = vocabularyOf(language.signatures);
  const noun = nouns.get(word)?.noun;
  const command = meant.find((one) => one.noun === noun) ?? meant.find((one) => pluralOf(one.verb) === word);
  if (noun !== undefined && command) return command.summary;
  const verb = meant.length === 0 ? language.commands.find((one) => one.verb === word) : undefined;
  if (verb) return verb.summary;
  if (language.agents.includes(withoutQuotes(word))) return 'an agent that can be launched';
  const mode = /^(?<name>.+)-mode$/u.exec(word)?.groups?.['name'];
  if (mode !== undefined) return `in ${mode} mode`;
  return parameterHelp(word, meant) ?? WORDS[word] ?? '';
};

type Known = {
  readonly state: State;
  readonly language: CommandLanguage;
  /** The commands that import what lies here, where somebody has looked. */
  readonly surroundings?: Pick<Surroundings, 'plans'> | null;
};

/** The plans of commands like `import spec specs/cart`. */
const plansIn = ({ state, surroundings = null }: Known): readonly string[] =>
  openPlans(state, surroundings).map((command) => withoutQuotes(command.replace(/^import spec /u, '')));

/** The words that may stand in place of the last one of a text, each with what it means. */
export const candidatesFor = (text: string, known: Known): readonly Candidate[] => {
  const ids = knownIn(known.state, plansIn(known));
  const before = text.replace(/\S*$/u, '');
  const first = before.trim() === '';
  const meant = meantBy(before, known.language);
  return complete(text, known.language, ids).map((line) => {
    const word = line.slice(before.length);
    return { word, help: first ? firstHelp(word, known.language) : helpFor(word, meant, known) };
  });
};
