import type { Registry } from '../../commands/define.ts';
import { type Described, describeCommand, describeShellCommand } from '../../text/help/describe-command.ts';
import { GLOBAL_OPTIONS, shellCommands } from '../../text/help/shell-commands.ts';
import { EXIT_CODES, topics } from '../../text/help/topics.ts';

/** Text that roff prints as it is: no escape, no request, no hyphen where a minus is meant, in ASCII whatever it says. */
export const roffText = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('"', '\\(dq')
    .replace(/^(?=[.'])/gmu, '\\&')
    .replace(/[^\u0000-\u007F]/gu, (character) => {
      const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
      return `\\[u${code}]`;
    });

const section = (title: string): string => `.SH "${roffText(title.toUpperCase())}"`;

const item = (term: string, ...texts: readonly string[]): string[] => [
  '.TP',
  `.B ${roffText(term)}`,
  ...texts.flatMap((text, i) => [...(i === 0 ? [] : ['.br']), roffText(text)]),
];

const pairs = (rows: readonly (readonly [string, string])[]): string[] =>
  rows.flatMap(([term, text]) => item(term, text));

/** Lines as they are, blanks and all. */
const asItIs = (text: string): string[] => ['.nf', ...text.split('\n').map(roffText), '.fi'];

const traits = ({ role, destructive }: Described): string =>
  `Role ${role}; destructive: ${destructive ? 'yes' : 'no'}.`;

const localItem = (of: Described): string[] => [
  ...item(of.usage, `${of.summary}. ${traits(of)}`, `Example: ${of.example}`),
  ...(of.parameters.length === 0
    ? []
    : ['.RS', ...pairs(of.parameters.map((one) => [one.name, one.description])), '.RE']),
];

/** A longer list of values fits into no line; the description has them as well. */
const LONGEST_VALUES = 60;

const valuesText = (values: string): string => (values.length > LONGEST_VALUES ? '…' : values);

const commandItem = (of: Described): string[] => [
  ...item(of.usage, `${of.summary}. ${traits(of)}`, `Example: ${of.example}`, `In a shell: ${of.shell_example}`),
  ...(of.parameters.some((one) => one.description !== '')
    ? [
        '.RS',
        ...pairs(of.parameters.map((one) => [`${one.name}=${valuesText(one.values)}`, one.description || one.name])),
        '.RE',
      ]
    : []),
];

const TOPICS_IN_MANUAL = ['states', 'roles', 'ids', 'plans', 'configuration'];

/** Everything as a manual page for `man -l`, from the same data as help. */
export const manualPage = (registry: Registry, version: string): string =>
  [
    `.TH DROVER 1 "" "drover ${roffText(version)}" "User Commands"`,
    section('name'),
    roffText('drover - drive a swarm of coding agents in tmux sessions and git worktrees'),
    section('synopsis'),
    '.B drover',
    roffText('[options] [command]'),
    section('description'),
    roffText(
      'Each agent works in a tmux session and a git worktree of its own, on the tasks of a plan, in the order that its dependencies allow. A task counts as done when its check succeeded. Without a command, drover opens the screen.',
    ),
    section('options'),
    ...pairs(GLOBAL_OPTIONS.map(({ name, text }) => [name, text])),
    section('commands of the shell'),
    ...shellCommands.map(describeShellCommand).flatMap(localItem),
    section('the language'),
    roffText(
      'These are said in the command line of the screen, with drover do "…", or in a shell with the noun first: drover tasks list.',
    ),
    ...registry.commands.map(describeCommand).flatMap(commandItem),
    ...topics
      .filter(({ name }) => TOPICS_IN_MANUAL.includes(name))
      .flatMap((topic) => [section(topic.name), ...asItIs(topic.text(registry))]),
    section('exit status'),
    ...pairs(EXIT_CODES),
    section('files'),
    ...pairs([
      ['.drover/config.json', 'Settings of the repository.'],
      ['.git/drover/', 'Journal, projection, logs and the socket of the daemon.'],
      ['$XDG_DATA_HOME/drover/worktrees/', 'The worktrees of the instances, unless worktrees.folder says otherwise.'],
    ]),
    section('see also'),
    roffText('tmux(1), git(1), git-worktree(1)'),
    '',
  ].join('\n');
