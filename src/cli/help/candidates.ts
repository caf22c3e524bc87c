import { type CommandLanguage, signatureOf } from '../../commands/define.ts';
import { registry } from '../../commands/index.ts';
import { AppError } from '../../lib/errors.ts';
import { complete } from '../../protocol/complete.ts';
import type { KnownIds } from '../../protocol/known-ids.ts';
import { vocabularyOf } from '../../protocol/vocabulary.ts';
import { settingKeys } from '../../state/setting-layers.ts';
import { helpForLine } from '../../text/help/help-pages.ts';
import { GLOBAL_OPTIONS, type ShellCommand, shellCommandNamed, shellCommands } from '../../text/help/shell-commands.ts';
import { topics } from '../../text/help/topics.ts';

/** `-f, --follow` and `--from N` → `--follow`, `--from`. */
const longOption = (name: string): string => /--[a-z-]+/u.exec(name)?.[0] ?? name;

/** Words that a usage line offers to choose from: `start|stop`, `list | get KEY`. */
const choices = ({ usage }: ShellCommand): string[] =>
  usage
    .split('|')
    .map((part) => part.trim().split(' ')[0]!)
    .filter((word) => /^[a-z]+$/u.test(word));

/** What may stand behind a command of the shell itself. */
const ofLocal = (local: ShellCommand, words: readonly string[], ids: KnownIds): string[] => {
  const own = local.name.split(' ');
  if (words.length <= own.length) return own.slice(words.length - 1, words.length);
  if (words.length > own.length + 1) return /\bKEY\b/u.test(local.usage) ? settingKeys().map(({ key }) => key) : [];
  if (local.name === 'help') {
    const { byVerb, nouns } = vocabularyOf(registry.signatures);
    return [
      ...topics.map(({ name }) => name),
      ...byVerb.keys(),
      ...nouns.keys(),
      ...shellCommands.map((one) => one.name),
    ];
  }
  return local.usage === 'ID' ? [...(ids.instances ?? [])] : choices(local);
};

/** The options that the words before may be followed by. */
const optionsFor = (words: readonly string[]): string[] => {
  const all = GLOBAL_OPTIONS.map(({ name }) => longOption(name));
  const local = shellCommandNamed(words);
  if (local) return [...local.options.map(({ name }) => longOption(name)), ...all];
  try {
    const { commands } = helpForLine(registry, words);
    const [only] = commands.length === 1 ? commands : [];
    if (!only) return all;
    return [...[...only.modifiers, ...only.parameters.map(({ name }) => name)].map((name) => `--${name}`), ...all];
  } catch (error) {
    if (error instanceof AppError) return all;
    throw error;
  }
};

/** What the words of a command line may name: what exists, and what can be said. */
type Known = { readonly ids: KnownIds; readonly language: CommandLanguage };

/** A value that is being typed: of which parameter, behind which words, and what of its word stays as it is. */
type TypedValue = {
  readonly before: readonly string[];
  readonly parameter: string;
  readonly value: string;
  readonly kept: string;
};

/** Reads `--mode=be`, `--mode be`, and `mode = be`, which bash makes of `mode=be`; undefined where no value is typed. */
const typedValue = (words: readonly string[]): TypedValue | undefined => {
  const last = words.at(-1) ?? '';
  const { name, value = '' } = /^--(?<name>[a-z][\w-]*)=(?<value>.*)$/u.exec(last)?.groups ?? {};
  if (name !== undefined) return { before: words.slice(0, -1), parameter: name, value, kept: `--${name}=` };
  const behind = last === '=' ? 0 : words.at(-2) === '=' ? 1 : undefined;
  const said = behind === undefined ? words.at(-2) : words.at(-2 - behind);
  const parameter = (behind === undefined ? /^--(?<name>.+)$/u : /^(?:--)?(?<name>.+)$/u).exec(said ?? '')?.groups?.[
    'name'
  ];
  if (parameter === undefined) return undefined;
  return { before: words.slice(0, -2 - (behind ?? 0)), parameter, value: last === '=' ? '' : last, kept: '' };
};

/** The values that are known for a parameter of the command in these words. */
const valuesIn = (words: readonly string[], { ids, language }: Known): string[] => {
  const typed = typedValue(words);
  if (!typed) return [];
  const text = `${typed.before.join(' ')} ${typed.parameter}=${typed.value}`;
  const from = text.length - typed.value.length;
  return complete(text, language, ids).map((line) => `${typed.kept}${line.slice(from)}`);
};

/** What may stand in the place of the last of these words of a command line. */
export const candidates = (words: readonly string[], known: Known): string[] => {
  const { ids } = known;
  const last = words.at(-1) ?? '';
  const fits = (word: string): boolean => word.startsWith(last) && word !== last;
  const values = words[0] === 'watch' ? [] : valuesIn(words, known);
  if (values.length > 0) return values;
  if (last.startsWith('-')) return [...new Set(optionsFor(words.slice(0, -1)))].filter(fits);
  // What is watched is a command like any other.
  if (words[0] === 'watch' && words.length > 1) return candidates(words.slice(1), known);
  const text = words.join(' ');
  const before = text.slice(0, text.length - last.length);
  const first = words.length <= 1 ? shellCommands.map(({ name }) => name.split(' ')[0]!) : [];
  const local = words.length > 1 ? shellCommandNamed(words.slice(0, -1)) : undefined;
  const behind = local ? ofLocal(local, words, ids) : [];
  const available = { ...known.language, signatures: known.language.commands.map(signatureOf) };
  const spoken = complete(text, available, ids).map((line) => line.slice(before.length));
  // Behind a command that is not said to the daemon, words of the language mean nothing; its noun alone has others as well.
  const isSaid = local !== undefined && words.length > local.name.split(' ').length;
  const language = isSaid && local.name !== 'events follow' && local.name !== 'agents list' ? [] : spoken;
  return [...new Set([...first, ...behind, ...language])].filter(fits);
};
