import { nearest } from '../../lib/text.ts';
import type { Signature } from '../../protocol/signature.ts';
import { vocabularyOf } from '../../protocol/vocabulary.ts';
import { noHelp } from '../errors.ts';
import { plural } from '../wording.ts';
import type { Catalogue } from './catalogue.ts';
import { type Described, describeCommand, describeLater, describeShellCommand } from './describe-command.ts';
import { shellCommandNamed, shellCommands } from './shell-commands.ts';
import { definitions, fold } from './text-columns.ts';
import { type Topic, topics } from './topics.ts';

/** A page of help: what a person reads, and the commands it is about. */
type HelpPage = { readonly text: string; readonly commands: readonly Described[] };

/** Nouns by what people do with them. A noun that is not listed here stands under the last title. */
const GROUPS: readonly (readonly [title: string, nouns: readonly string[]])[] = [
  ['Agents', ['instance', 'swarm', 'group', 'session', 'mode', 'message', 'campaign']],
  ['Tasks and plans', ['task', 'spec', 'plan', 'brief', 'result', 'progress']],
  [
    'Git',
    ['branch', 'integration', 'worktree', 'conflict', 'git', 'resource', 'lock', 'pr', 'issue', 'github', 'jira'],
  ],
  ['Watching', ['alert', 'event', 'log', 'color', 'failure', 'metric', 'trace', 'timeline', 'audit']],
  ['Settings and the machine', ['config', 'daemon', 'state', 'adapter', 'protocol', 'worker', 'secret', 'flag', 'ide']],
  ['Help and others', ['topic', 'command']],
];

const groupOf = (noun: string): string => (GROUPS.find(([, nouns]) => nouns.includes(noun)) ?? GROUPS.at(-1)!)[0];

const isThere = ({ commands }: Catalogue, { verb, noun }: Signature): boolean =>
  commands.some((one) => one.verb === verb && one.noun === noun);

/** The signatures that are understood and come with a later version. */
export const laterOf = (catalogue: Catalogue): readonly Signature[] =>
  catalogue.signatures.filter((one) => !isThere(catalogue, one));

/** One line for each noun with its verbs, in groups. */
const vocabularyLines = (catalogue: Catalogue): string[] => {
  const rank = (noun: string) => GROUPS.flatMap(([, nouns]) => nouns).indexOf(noun) >>> 0;
  const available = [...new Set(catalogue.commands.map((one) => one.noun))].toSorted((a, b) => rank(a) - rank(b));
  return [...new Set([...GROUPS.map(([title]) => title)])].flatMap((title) => {
    const nouns = available.filter((noun) => groupOf(noun) === title);
    if (nouns.length === 0) return [];
    const rows = nouns.map((noun): [string, string] => [
      noun.padEnd(12),
      catalogue.commands
        .filter((one) => one.noun === noun)
        .map((one) => one.verb)
        .join(' '),
    ]);
    return [title, ...definitions(rows)];
  });
};

/** All nouns and verbs on a page of eighty columns. */
export const overview = (catalogue: Catalogue): string =>
  [
    'Say what you want in words. The same works in the command line of the screen,',
    'as drover do "…", and in a shell with the noun first: drover tasks list',
    '',
    ...definitions([
      ['launch 3 instances', 'start agents'],
      ['create task "Add a login page"', 'add a task'],
      ['import spec .kiro/specs/demo', 'read a plan'],
      ['run all ready tasks', 'start them; what becomes ready follows'],
      ['status swarm', 'how it goes, and what needs you'],
      ['merge completed branches', 'integrate what is verified'],
    ]),
    '',
    ...vocabularyLines(catalogue),
    '',
    `Topics: ${topics.map(({ name }) => name).join(', ')}.`,
    'More: help task, help stop instance, help glossary (what the words mean).',
    ...(laterOf(catalogue).length > 0
      ? [`${plural(laterOf(catalogue).length, 'command')} not available yet: help later`]
      : []),
  ].join('\n');

const nameOf = ({ verb, noun }: Pick<Signature, 'verb' | 'noun'>): string => `${verb} ${noun}`;

/** The page of several commands: a line or two for each. */
const listing = (title: string, found: readonly Described[]): string => {
  const available = found.filter((one) => one.available);
  const later = found.filter((one) => !one.available).map((one) => one.name);
  const [first] = available;
  return [
    `${title}: ${plural(available.length, 'command')}`,
    ...(available.length > 0 ? ['', ...definitions(available.map((one) => [one.name, one.summary]))] : []),
    ...(later.length > 0 ? ['', fold(`Not available yet: ${later.join(', ')}.`, 2)] : []),
    ...(first ? ['', `One of them: help ${first.name}   or   drover ${first.shell} --help`] : []),
  ].join('\n');
};

const laterPage = (catalogue: Catalogue): HelpPage => {
  const commands = laterOf(catalogue).map(describeLater);
  const names = commands.map((one) => one.name).toSorted();
  return { commands, text: `Understood and not available yet:\n\n${fold(names.join(', '), 2, '  ')}` };
};

const commandsMatching = (catalogue: Catalogue, words: readonly string[]) => {
  const { verbs, nouns } = vocabularyOf(catalogue.signatures);
  const keys = words.map((word) => word.toLowerCase());
  const all = [...catalogue.commands, ...laterOf(catalogue)];
  const exact = all.filter(({ verb, noun }) => keys.length === 2 && keys.includes(verb) && keys.includes(noun));
  if (exact.length === 1) return exact;
  return all.filter(({ verb, noun }) =>
    keys.every((key) => nouns.get(key)?.noun === noun || verbs.get(key)?.some((reading) => reading.verb === verb)),
  );
};

const describeMatches = (catalogue: Catalogue, words: readonly string[]): readonly Described[] =>
  commandsMatching(catalogue, words).map((one) => ('summary' in one ? describeCommand(one) : describeLater(one)));

const topicNamed = (words: readonly string[]): Topic | undefined => {
  const name = words.join('-').toLowerCase();
  return topics.find((topic) => topic.name === name || topic.name === `${name}s`);
};

/** The text about the commands found: one in full, several in a list. */
const commandTexts = (words: readonly string[], found: readonly Described[]): string[] => {
  if (found.length === 0) return [];
  return [found.length === 1 ? found[0]!.text : listing(words.join(' '), found)];
};

const pageOf = (catalogue: Catalogue, words: readonly string[]): HelpPage | undefined => {
  if (words.join(' ') === 'later') return laterPage(catalogue);
  const topic = topicNamed(words);
  const found = describeMatches(catalogue, words);
  // `attach instance` is the name of a command, `attach` and `config get` are what a shell has beside it.
  const local = found.some((one) => one.name === words.join(' ')) ? undefined : shellCommandNamed(words);
  const locals = local ? [describeShellCommand(local)] : [];
  // A topic's own name means that topic; where a command matches as well, its page points at the topic.
  const alone = topic !== undefined && (topic.name === words.join('-').toLowerCase() || found.length === 0);
  if (alone && locals.length === 0) return { text: topic.text(catalogue), commands: [] };
  const texts = [
    ...locals.map((one) => one.text),
    ...commandTexts(words, found),
    ...(topic ? [`See also: help ${topic.name}`] : []),
  ];
  return texts.length === 0 ? undefined : { text: texts.join('\n\n'), commands: [...locals, ...found] };
};

/**
 * The page for these words: a command in either order of its words, a noun, a verb, a topic, or what the command line
 * does itself. An error with the nearest word when there is none.
 */
export const helpPage = (catalogue: Catalogue, words: readonly string[]): HelpPage => {
  if (words.length === 0) return { text: overview(catalogue), commands: catalogue.commands.map(describeCommand) };
  const page = pageOf(catalogue, words);
  if (page) return page;
  const { verbs, nouns } = vocabularyOf(catalogue.signatures);
  const known = [
    ...new Set([
      ...catalogue.commands.flatMap((one) => [one.verb, one.noun, nameOf(one)]),
      ...topics.map(({ name }) => name),
      ...shellCommands.map(({ name }) => name),
      ...verbs.keys(),
      ...nouns.keys(),
    ]),
  ];
  const whole = words.join(' ');
  const wrong = words.find((word) => pageOf(catalogue, [word]) === undefined) ?? whole;
  throw noHelp({ topic: whole, meant: nearest(whole, known) ?? nearest(wrong, known) });
};

/** The page for the words that a command line begins with: what follows them are ids and options of the user's. */
export const helpForLine = (catalogue: Catalogue, words: readonly string[]): HelpPage => {
  for (let length = words.length; length > 0; length -= 1) {
    const page = pageOf(catalogue, words.slice(0, length));
    if (page) return page;
  }
  return helpPage(catalogue, words);
};
