import { z } from 'zod';
import { idlePlaceholders } from '../../agents/placeholders.ts';
import { AppError } from '../../lib/errors.ts';
import { mergedLayers, settingAt } from '../../state/setting-layers.ts';
import { checkedSetting, isGuarded, settingAlone } from '../../state/setting-values.ts';
import { settingsSchema } from '../../state/settings.ts';
import { isSame } from '../../state/trust.ts';
import { secretsIn } from '../../state/secret-uses.ts';
import { missingSecretHint } from '../../text/secret-rows.ts';
import { settingRow, settingRowSchema, settingText } from '../../text/setting-rows.ts';
import { type Context, defineCommand, type Foreseen, type Loss, type Standing } from '../define.ts';
import { badParameter } from '../errors.ts';
import { idsParam, requireOne } from '../selection.ts';
import { keptText } from './kept-values.ts';
import { namesOnDisk, refuseMissingNames, refuseUnknownNames, type Wanted } from './named-values.ts';
import { instancesWarning } from './sensible-instances.ts';

const params = z.object({
  id: idsParam.describe('Which setting, by its dotted key'),
  value: z.union([z.string(), z.number(), z.boolean()]).optional().describe('The new value; lists as JSON'),
});
type Input = z.infer<typeof params>;

const wantedOf = ({ id, value }: Input): Wanted => {
  const key = requireOne(id, 'setting');
  if (value === undefined) throw badParameter({ command: 'set config', key: 'value', issue: 'say the new value' });
  return { key, value: checkedSetting(key, String(value)) };
};

/** What is filled in nowhere, in the agents as they are once the setting is written. */
const placeholderWarning = ({ settings }: Pick<Context, 'settings'>, { key, value }: Wanted): string | undefined => {
  if (!key.startsWith('agents.')) return undefined;
  const values = mergedLayers([
    { origin: 'user', values: { agents: settings.agents } },
    { origin: 'flag', values: settingAlone(key, value) },
  ]);
  return idlePlaceholders(settingsSchema.parse(values)).find((text) => text.startsWith(`${key}:`));
};

/** What is to be known of a value beside that it is valid. */
const warningFor = async (context: Context, key: string, value: unknown): Promise<string | undefined> => {
  if (key === 'limits.maxInstances') return instancesWarning(Number(value), context.machine());
  const named = secretsIn(value);
  if (named.length === 0) return placeholderWarning(context, { key, value });
  const kept = await context.secrets.list();
  const missing = named.find((name) => kept.every((one) => one.name !== name));
  if (missing === undefined) return undefined;
  return missingSecretHint({ name: missing, keys: [key] });
};

const inFile = ({ configuration: { layers } }: Pick<Context, 'configuration'>, key: string): unknown =>
  settingAt(layers.find(({ origin }) => origin === 'project')?.values, key);

/** Whether it asks, as far as it is known without the repository's file: nobody is asked about what that says already. */
const foresees = ({ settings }: Standing, { id: [key = ''], value }: Input): Foreseen | undefined => {
  if (!isGuarded(key)) return undefined;
  const now = settingAt(settings, key);
  return now !== undefined && value !== undefined && settingText(now) === String(value) ? 'may ask' : 'asks';
};

/**
 * The question before a guarded setting is written; a key or value that is not valid is refused later, not asked about.
 */
const lossOf = async (context: Context, input: Input): Promise<Loss | undefined> => {
  try {
    const { key, value } = wantedOf(input);
    if (!isGuarded(key) || isSame(inFile(context, key), value)) return undefined;
    const loses = `${key} will be ${settingText(value)} for everybody who works on this repository.${keptText(context.store.state, key)}`;
    const warning = await warningFor(context, key, value);
    return { targets: [key], loses: warning === undefined ? loses : `${loses} ${warning}` };
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
};

export const setConfig = defineCommand({
  verb: 'set',
  noun: 'config',
  summary:
    'Change a setting of this repository; the daemon follows at once, and a program that runs from its next start on',
  example: 'set config checks.task "npm test"',
  role: 'admin',
  modifiers: [],
  target: 'required',
  reads: false,
  effects: 'writes the setting into .drover/config.json; the daemon follows',
  params,
  result: settingRowSchema,
  asks: lossOf,
  foresees,
  names: 'settings',
  refuses: (standing, input) => refuseUnknownNames(standing, wantedOf(input)),
  unsure: (_standing, { id: [key = ''] }) => namesOnDisk(key),
  run: async (context, input) => {
    const { configuration } = context;
    const { key, value } = wantedOf(input);
    refuseUnknownNames(context, { key, value });
    await refuseMissingNames(context, { key, value });
    const warning = await warningFor(context, key, value);
    const changed = await configuration.change(key, value);
    const file = configuration.files.project;
    const data = { ...settingRow(key, configuration), value, withheld: null };
    const said = `${key} is ${changed ? 'now' : 'already'} ${settingText(value)} in ${file}.`;
    const stronger = ['flag', 'env'].includes(data.origin);
    const still = stronger
      ? ` The ${data.origin === 'env' ? `variable ${data.variable}` : 'option -c'} still wins.`
      : '';
    return {
      message: `${said}${still}${changed && !stronger ? keptText(context.store.state, key) : ''}`,
      data: { ...data, ...(stronger ? {} : { origin: 'project' as const, source: file }) },
      sideEffects: changed ? [`${file} written`] : [],
      ...(warning === undefined ? {} : { hint: warning }),
    };
  },
});
