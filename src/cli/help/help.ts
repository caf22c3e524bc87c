import type { Registry } from '../../commands/define.ts';
import { registry } from '../../commands/index.ts';
import { describeCommand, describeLater } from '../../text/help/describe-command.ts';
import { helpForLine, helpPage, laterOf, overview } from '../../text/help/help-pages.ts';
import { GLOBAL_OPTIONS, shellCommands } from '../../text/help/shell-commands.ts';
import { definitions } from '../../text/help/text-columns.ts';
import type { Flags, Io } from '../io.ts';
import { readOptions } from '../options.ts';
import { printLine } from '../print.ts';
import { manualPage } from './manual.ts';

/** The first page: what to do first, what the shell has, and the language. */
const firstPage = (of: Registry): string =>
  [
    'Usage: drover [command]                  drover alone opens the screen',
    '',
    'First',
    ...definitions([
      ['drover init', 'prepare this repository'],
      ["drover do 'create task …'", 'add a task, or: drover import spec PATH'],
      ["drover do 'run all tasks'", 'start an agent and let it work'],
      ['drover', 'watch; drover down ends everything'],
    ]),
    '',
    'In a shell (more of each: drover <command> --help)',
    ...definitions(shellCommands.map(({ name, summary }) => [name, summary])),
    '',
    'In words',
    overview(of),
    '',
    'Options of every command',
    ...definitions(GLOBAL_OPTIONS.map(({ name, text }) => [name, text])),
  ].join('\n');

/** The keys of the screen, as the screen itself lists them. */
const keysPage = async (): Promise<string> => {
  const [{ keyTables }, { PROMPT_HELP }] = await Promise.all([
    import('../../tui/control/key-list.ts'),
    import('../../tui/prompt/prompt-keys.ts'),
  ]);
  const views = keyTables().flatMap(({ title, rows }) => [
    title,
    ...definitions(rows.map(([label, help, where]) => [label, where === 'all' ? help : `${help} (${where})`])),
    '',
  ]);
  return [...views, 'Command line', ...definitions(PROMPT_HELP.map(({ label, help }) => [label, help]))].join('\n');
};

/** Help is told by this process: it works without a repository and without a daemon. */
export const help = async (io: Io, flags: Flags, argv: readonly string[]): Promise<number> => {
  // Behind a command stand its own words and options: only what it is called counts.
  const asked = !flags.help;
  const { words, switches } = asked
    ? readOptions(argv, { switches: ['man'], words: Number.POSITIVE_INFINITY })
    : { words: argv.filter((word) => !word.startsWith('-')), switches: new Set<string>() };
  if (switches.has('man')) {
    const { versionOf } = await import('../../client/package.ts');
    printLine(io.stdout, manualPage(registry, versionOf()));
    return 0;
  }
  if (flags.json) {
    const page = asked ? helpPage(registry, words) : helpForLine(registry, words);
    printLine(io.stdout, JSON.stringify(page.commands, null, 2));
    return 0;
  }
  if (words.length === 0) printLine(io.stdout, firstPage(registry));
  else if (asked && words.join(' ') === 'keys') printLine(io.stdout, await keysPage());
  else printLine(io.stdout, (asked ? helpPage(registry, words) : helpForLine(registry, words)).text);
  return 0;
};

/** Every command there is, from the registry; `--later` lists those of later versions as well. */
export const commandList = async (io: Io, flags: Flags, argv: readonly string[]): Promise<number> => {
  const { switches } = readOptions(argv, { switches: ['later'] });
  const later = switches.has('later') ? laterOf(registry).map(describeLater) : [];
  const all = [...registry.commands.map(describeCommand), ...later];
  const text = definitions(
    all.map((one) => [one.name, one.available ? one.summary : 'not available yet']),
    0,
  );
  const lines = flags.jsonl ? all.map((one) => JSON.stringify(one)) : text;
  printLine(io.stdout, flags.json ? JSON.stringify(all, null, 2) : lines.join('\n'));
  return 0;
};
