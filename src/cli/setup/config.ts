import { idlePlaceholders } from '../../agents/placeholders.ts';
import { locate } from '../../client/locate.ts';
import { inspectLayers, type Mistake, readLayers, settingsFiles, userFile } from '../../daemon/config/config.ts';
import { type AppError, defineError } from '../../lib/errors.ts';
import { nearest, shellQuote, shown } from '../../lib/text.ts';
import { openSecrets } from '../../secrets/store.ts';
import { secretPlaces } from '../../secrets/places.ts';
import { missingSecretsBelow } from '../../state/secret-uses.ts';
import { type Layer, settingsJsonSchema } from '../../state/setting-layers.ts';
import { checkSettingKey, settingSchemaAt } from '../../state/setting-names.ts';
import { settingsInFlags } from '../../state/setting-values.ts';
import { withheldIn } from '../../state/trust.ts';
import {
  type SettingRow,
  settingPage,
  settingRow,
  settingRows,
  settingSentence,
  settingTable,
  settingsOf,
  settingText,
} from '../../text/setting-rows.ts';
import { missingSecretHint } from '../../text/secret-rows.ts';
import { drawTable } from '../../text/table.ts';
import { withheldSentence } from '../../text/trust-rows.ts';
import { type Flags, type Io, viewOf } from '../io.ts';
import { missingWord, readOptions, unknownWord } from '../options.ts';
import { jsonText, printLine } from '../print.ts';
import { sayArguments } from '../say.ts';
import { rollBack } from './rollback.ts';
import { trust } from './trust.ts';
import { unknownAgents } from './unknown-agents.ts';

/** The verbs, and how many words each takes, itself included. */
const VERBS: Readonly<Record<string, number>> = {
  list: 1,
  get: 2,
  show: 2,
  set: 3,
  unset: 2,
  validate: 1,
  schema: 1,
  trust: 1,
  history: 1,
  rollback: 2,
};

/** Lines of the verbs that cannot do without a key. */
const EXAMPLES: Readonly<Record<string, string>> = {
  get: 'drover config get agent',
  set: 'drover config set checks.task "npm test"',
  unset: 'drover config unset checks.task',
};

/** The refusal of a setting without its value: with what it is by default, where that is one word. */
const missingSetting = (key: string): AppError => {
  checkSettingKey(key);
  const usual = settingSchemaAt(key)?.default;
  const what = `a value for ${key}`;
  if (!['string', 'number', 'boolean'].includes(typeof usual))
    return missingWord({ command: 'config set', what, hint: `What it may be: drover config show ${shellQuote(key)}` });
  return missingWord({ command: 'config set', what, example: `drover config set ${key} ${shellQuote(String(usual))}` });
};

const unknownVerb = defineError('config/unknown-verb', 2, (p: { verb: string; meant?: string | undefined }) => ({
  message: `There is no "config ${p.verb}".`,
  hint: p.meant
    ? `Did you mean: drover config ${p.meant}?`
    : 'Say config list, get KEY [--show-origin], show KEY, set KEY VALUE, unset KEY, history, rollback [VERSION], validate or schema.',
}));

const printJson = (io: Io, flags: Flags, value: unknown): void =>
  printLine(io.stdout, jsonText(value, flags.json ? 2 : 0));

/** All layers there are, and where their files lie; those of options and environment are this invocation's own. */
const placeOf = async (io: Io, flags: Flags) => {
  const project = locate(io.cwd, io.env).config;
  const layers = await readLayers(project, io.env);
  return {
    layers: [{ origin: 'flag' as const, values: settingsInFlags(flags.settings) }, ...layers],
    files: { project, user: userFile(io.env) },
  };
};

const list = (io: Io, flags: Flags, rows: readonly SettingRow[]): void => {
  if (flags.json) printJson(io, flags, rows);
  else if (flags.jsonl) for (const row of rows) printJson(io, flags, row);
  else printLine(io.stdout, drawTable(settingTable(rows), viewOf(io)));
};

const originText = ({ origin, source }: SettingRow): string =>
  origin === 'project' || origin === 'user' ? `${origin} ${shown(source ?? '')}` : origin;

const get = (io: Io, flags: Flags, row: SettingRow, showOrigin: boolean): void => {
  if (flags.json || flags.jsonl) printJson(io, flags, row);
  else if (flags.verbose) printLine(io.stdout, settingPage(row));
  else if (showOrigin) printLine(io.stdout, `${settingText(row.value)} ${originText(row)}`);
  else if (row.value !== null) printLine(io.stdout, settingText(row.value));
  // A script reads the value alone; whoever reads both streams is told what does not hold.
  if (row.withheld !== null && !flags.json && !flags.jsonl && !flags.verbose)
    printLine(io.stderr, `drover: ${row.key}: ${settingSentence(row)}`);
};

const mistakeText = ({ file, line, issue, hint }: Mistake): string =>
  shown(`drover: ${file}${line === null ? '' : `:${line}`}: ${issue}${/[.!?]$/u.test(issue) ? '' : '.'}\n  ${hint}`);

/** Tells of secrets that the settings name and nobody has set; of those of one setting where its key is given. */
const tellMissingSecrets = async (io: Io, layers: readonly Layer[], setting?: string): Promise<void> => {
  const kept = openSecrets({ ...secretPlaces(locate(io.cwd, io.env), io.env), now: () => new Date().toISOString() });
  for (const use of await missingSecretsBelow(settingsOf(layers), () => kept.list(), setting))
    printLine(io.stderr, `drover: ${missingSecretHint(use)}`);
};

/** Tells every mistake in every place that settings come from. */
const validate = async (io: Io, flags: Flags): Promise<number> => {
  const file = locate(io.cwd, io.env).config;
  const inspected = await inspectLayers(file, io.env);
  const { layers } = inspected;
  const place = { layers, files: { project: file, user: userFile(io.env) } };
  const mistakes = inspected.mistakes.length > 0 ? inspected.mistakes : unknownAgents(place);
  settingsInFlags(flags.settings);
  const files = settingsFiles(file, io.env);
  if (flags.json || flags.jsonl)
    printJson(io, flags, { valid: mistakes.length === 0, files, mistakes, outdated: inspected.outdated });
  for (const mistake of [...mistakes, ...inspected.outdated]) printLine(io.stderr, mistakeText(mistake));
  if (mistakes.length > 0) return 2;
  const withheld = withheldIn(layers);
  if (withheld) printLine(io.stderr, `drover: ${withheldSentence(file, withheld)} Look at it: drover trust`);
  for (const text of idlePlaceholders(settingsOf(layers))) printLine(io.stderr, `drover: ${shown(text)}`);
  await tellMissingSecrets(io, layers);
  if (!flags.json && !flags.jsonl && !flags.quiet)
    printLine(io.stdout, `valid: ${files.join(', ') || 'defaults only'}`);
  return 0;
};

/** `set KEY VALUE`, `set KEY=VALUE`, `unset KEY`: said to the daemon, which takes it over at once. */
const change = (io: Io, flags: Flags, words: readonly string[]): Promise<number> => {
  const [verb, first = '', ...more] = words;
  const { key, value } = /^(?<key>[^=]+)=(?<value>.*)$/su.exec(first)?.groups ?? {};
  const id = `id=${verb === 'set' && more.length === 0 && key !== undefined ? key : first}`;
  if (verb === 'unset') return sayArguments(io, flags, ['remove', 'config', id]);
  const text = more[0] ?? value;
  if (text === undefined) throw missingSetting(first);
  const said = text === '-' ? ['--value', '-'] : [`value=${text}`];
  return sayArguments(io, flags, ['set', 'config', id, ...said]);
};

/** `drover config list|get|show|set|unset|history|rollback|validate|schema`: settings, where each comes from, and how to change them. */
export const config = async (io: Io, flags: Flags, argv: readonly string[]): Promise<number> => {
  const { words, switches } = readOptions(argv, { switches: ['show-origin'], words: 3 });
  const [verb = 'list', key] = words;
  const most = Object.hasOwn(VERBS, verb) ? VERBS[verb]! : 0;
  if (most === 0) throw unknownVerb({ verb, meant: nearest(verb, Object.keys(VERBS)) });
  if (words.length > most) throw unknownWord({ word: words[most]! });
  if (verb === 'schema') {
    printLine(io.stdout, JSON.stringify(settingsJsonSchema(), null, 2));
    return 0;
  }
  if (verb === 'validate') return validate(io, flags);
  if (verb === 'trust') return trust(io, flags, []);
  if (verb === 'history') return sayArguments(io, flags, ['history', 'config']);
  if (verb === 'rollback') return rollBack(io, flags, key);
  if (key === undefined && verb !== 'list' && verb !== 'show')
    throw missingWord({ command: `config ${verb}`, what: 'the key of a setting', example: EXAMPLES[verb]! });
  if (verb === 'set' || verb === 'unset') return change(io, flags, words);
  const place = await placeOf(io, flags);
  if (key === undefined) list(io, flags, settingRows(place));
  else if (verb === 'get') get(io, flags, settingRow(key, place), switches.has('show-origin'));
  else get(io, { ...flags, verbose: true }, settingRow(key, place), false);
  await tellMissingSecrets(io, place.layers, key);
  return 0;
};
