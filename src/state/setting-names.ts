import { nearest } from '../lib/text.ts';
import { unknownSetting } from './errors.ts';
import { type SettingSchema, settingKeys, settingsJsonSchema } from './setting-layers.ts';

const isSchema = (value: unknown): value is SettingSchema => typeof value === 'object' && value !== null;

/** What the schema says of a dotted key; undefined when there is no such setting. Groups and entries by name count too. */
export const settingSchemaAt = (key: string): SettingSchema | undefined => {
  let at: SettingSchema | undefined = settingsJsonSchema() as SettingSchema;
  for (const part of key.split('.')) {
    const open: unknown = at.additionalProperties;
    const known: SettingSchema | undefined = Object.hasOwn(at.properties ?? {}, part)
      ? at.properties?.[part]
      : undefined;
    at = known ?? (isSchema(open) && part !== '' && part !== '__proto__' ? open : undefined);
    if (at === undefined) return undefined;
  }
  return at;
};

/** Names by which others know what is set here, without signs between the words, and the setting that it is. */
const SYNONYMS: Readonly<Record<string, string>> = {
  instancecount: 'launch.count',
  instances: 'launch.count',
  resourcelimits: 'resources',
  taskdistributionstrategy: 'plan.strategy',
  taskdistribution: 'plan.strategy',
  distributionstrategy: 'plan.strategy',
  deploymenttargets: 'launch.target',
  deploymenttarget: 'launch.target',
  targets: 'launch.target',
  communicationprotocol: 'communication.protocol',
  protocolconfig: 'communication.protocol',
  transport: 'communication.protocol',
  integrationpolicy: 'integration',
  mergepolicy: 'integration',
};

/** `Max_Instances` → `maxinstances`. */
const plain = (name: string): string => name.toLowerCase().replace(/[_\s-]/gu, '');

/** The setting that a name of others stands for: `resource_limits.action` is `resources.action`. */
const synonymFor = (key: string): string | undefined => {
  const [first = '', ...rest] = key.split('.');
  const name = plain(first);
  if (!Object.hasOwn(SYNONYMS, name)) return undefined;
  const found = SYNONYMS[name]!;
  const whole = [found, ...rest].join('.');
  return settingSchemaAt(whole) ? whole : found;
};

/** The setting that is probably meant by a key that is none. */
export const settingMeant = (key: string): string | undefined => {
  const known = settingKeys().map((one) => one.key);
  const last = (dotted: string): string => dotted.split('.').at(-1)!;
  return (
    synonymFor(key) ??
    // `maxInstances` means `limits.maxInstances`.
    known.find((one) => plain(last(one)) === plain(key)) ??
    nearest(key, known) ??
    known.find((one) => nearest(key, [last(one)]))
  );
};

/** Throws, with the nearest key there is, unless the key is one of the settings or a group of them. */
export const checkSettingKey = (key: string): void => {
  if (!settingSchemaAt(key)) throw unknownSetting({ key, meant: settingMeant(key) });
};
