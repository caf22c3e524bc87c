import { parseDuration } from '../lib/duration.ts';
import { oneLine } from '../lib/text.ts';
import { badPair, badSetting, notForOneCommand } from './errors.ts';
import { issueText } from './issue-text.ts';
import { mergedLayers, putSetting, settingKeys, variableOf } from './setting-layers.ts';
import { checkSettingKey, settingSchemaAt } from './setting-names.ts';
import { settingsSchema } from './settings.ts';

const YES = ['true', 'yes', 'on'];
const NO = ['false', 'no', 'off'];

const asJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const asNumber = (key: string, text: string): unknown => {
  if (/^-?\d+(?:\.\d+)?$/u.test(text)) return Number(text);
  const ms = key.endsWith('_ms') ? parseDuration(text) : undefined;
  return ms === undefined ? text : Math.round(ms);
};

/**
 * The value that a text stands for where this setting is meant: text stays text, `10m` are milliseconds, lists are
 * JSON.
 */
const settingFromText = (key: string, text: string): unknown => {
  const type = settingSchemaAt(key)?.type;
  if (type === 'string') return text;
  if (type === 'integer' || type === 'number') return asNumber(key, text);
  if (type === 'boolean') {
    const word = text.toLowerCase();
    return YES.includes(word) ? true : NO.includes(word) ? false : text;
  }
  return asJson(text);
};

/** A layer that says one thing. */
export const settingAlone = (key: string, value: unknown): Record<string, unknown> => {
  const values: Record<string, unknown> = {};
  putSetting(values, key, value);
  return values;
};

/** The value of a setting as somebody wrote it; throws what is wrong with the key or the value. */
export const checkedSetting = (key: string, text: string): unknown => {
  checkSettingKey(key);
  const value = settingFromText(key, text);
  const result = settingsSchema.safeParse(settingAlone(key, value));
  if (result.success) return value;
  const [issue] = result.error.issues;
  const inside = issue?.path.slice(key.split('.').length).join('.') ?? '';
  const where = inside === '' ? '' : `in "${inside}": `;
  throw badSetting({
    key,
    value: text,
    issue: oneLine(`${where}${issue ? issueText(issue) : 'it is not valid'}`).replace(/\.$/u, ''),
  });
};

/** The two sides of `key=value`. */
const splitPair = (pair: string): { readonly key: string; readonly text: string } => {
  const { key, text } = /^(?<key>[^=]+)=(?<text>.*)$/su.exec(pair)?.groups ?? {};
  if (key === undefined || text === undefined) throw badPair({ pair });
  return { key, text };
};

/** The settings of `-c key=value`, several of them; throws what is wrong with one. */
export const settingsInFlags = (pairs: readonly string[]): unknown =>
  pairs
    .map((pair) => {
      const { key, text } = splitPair(pair);
      return settingAlone(key, checkedSetting(key, text));
    })
    .reduce<unknown>(
      (all, one) =>
        mergedLayers([
          { origin: 'user', values: all },
          { origin: 'flag', values: one },
        ]),
      {},
    );

/** What the environment says of settings. */
export const settingsInEnvironment = (env: Readonly<Record<string, string | undefined>>): Record<string, unknown> => {
  const values: Record<string, unknown> = {};
  // Without such a variable there is nothing to be said, and the list of all keys need not be made.
  if (!Object.keys(env).some((name) => name.startsWith('DROVER_'))) return values;
  for (const { key } of settingKeys()) {
    const text = env[variableOf(key)];
    if (text !== undefined && text !== '') putSetting(values, key, settingFromText(key, text));
  }
  return values;
};

const within = (key: string, group: string): boolean => key === group || key.startsWith(`${group}.`);

/** Settings that are read when a command is said. All others are read by what goes on after its answer. */
const READ_BY_COMMANDS = ['agent', 'launch', 'limits', 'plan.policy', 'plan.barrier', 'branches.base'];
/** Settings that protect: changing them is the word of an admin, and is asked about. */
const GUARDED = ['limits', 'security', 'permissions', 'sandbox'];

export const isGuarded = (key: string): boolean =>
  GUARDED.some((group) => within(key, group)) || /^(?:agents|modes)\.[^.]+\.(?:permissions|sandbox)(?:\.|$)/u.test(key);

/** What a program is started with: one that runs keeps it. The hosts are looked up anew for each connection, and checks start anew. */
const STARTED_WITH = [
  ...['mode', 'need', 'network', 'read', 'write'].map((name) => `sandbox.${name}`),
  'git.guard',
  'worktrees.env',
];
const STARTED_WITH_OWN = /^(?:agents|modes)\.[^.]+\.(?:command|prompt|args|env|pass_env|permissions|sandbox)(?:\.|$)/u;

/** Whether a program that runs goes on with the value that a setting had when it was started. */
export const isKeptByPrograms = (key: string): boolean =>
  STARTED_WITH.some((group) => within(key, group)) || STARTED_WITH_OWN.test(key);

export const holdsForOneCommand = (key: string): boolean => READ_BY_COMMANDS.some((group) => within(key, group));

/** Throws for what cannot hold for one command alone. */
export const checkForOneCommand = (pairs: readonly string[]): void => {
  for (const pair of pairs) {
    const { key, text } = splitPair(pair);
    checkSettingKey(key);
    if (!holdsForOneCommand(key)) throw notForOneCommand({ key, value: text });
  }
};
