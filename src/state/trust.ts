import { isRecord } from '../lib/entry.ts';
import {
  type Layer,
  mergedLayers,
  type SettingSchema,
  settingsJsonSchema,
  type Values,
  type Withheld,
} from './setting-layers.ts';
import { POWER, type Power } from './setting-power.ts';

const isSchema = (value: unknown): value is SettingSchema => isRecord(value);

/** What the schema says of one name in a group or a table. */
const schemaIn = (schema: SettingSchema, name: string): SettingSchema | undefined => {
  if (schema.properties && Object.hasOwn(schema.properties, name)) return schema.properties[name];
  return isSchema(schema.additionalProperties) ? schema.additionalProperties : undefined;
};

/** The power that a part of the schema says itself; undefined where it leaves that to its parts. */
const powerSaid = (schema: SettingSchema): Power | undefined => (schema as { [POWER]?: Power })[POWER];

const isGroup = (schema: SettingSchema): boolean => Boolean(schema.properties) || isSchema(schema.additionalProperties);

/** The power of a group is that of its greatest part. A setting that does not say its power has the greatest. */
const greatestIn = (schema: SettingSchema | undefined): Power => {
  const said = schema && powerSaid(schema);
  if (said !== undefined) return said;
  if (!schema || !isGroup(schema)) return 'run';
  const open = isSchema(schema.additionalProperties) ? [schema.additionalProperties] : [];
  const inner = [...Object.values(schema.properties ?? {}), ...open].map(greatestIn);
  return inner.find((one) => one === 'run') ?? inner.find((one) => one === 'allow') ?? 'none';
};

/** The power of a dotted key: the last word that is said on the way to it. */
export const powerOf = (key: string): Power => {
  let schema: SettingSchema | undefined = settingsJsonSchema() as SettingSchema;
  let found: Power | undefined;
  for (const name of key.split('.')) {
    schema = schema && schemaIn(schema, name);
    const said = schema && powerSaid(schema);
    if (said !== undefined && (said !== 'none' || found === undefined)) found = said;
  }
  return found ?? greatestIn(schema);
};

const splitBy = (values: Values, schema: SettingSchema): { harmless: Values; powers: Values } => {
  const harmless: [string, unknown][] = [];
  const powers: [string, unknown][] = [];
  for (const [name, value] of Object.entries(values)) {
    const inner = schemaIn(schema, name);
    if (inner && powerSaid(inner) === 'none') harmless.push([name, value]);
    else if (inner && powerSaid(inner) === undefined && isGroup(inner) && isRecord(value)) {
      const parts = splitBy(value, inner);
      if (Object.keys(parts.powers).length > 0) powers.push([name, parts.powers]);
      harmless.push([name, parts.harmless]);
    } else powers.push([name, value]);
  }
  return { harmless: Object.fromEntries(harmless), powers: Object.fromEntries(powers) };
};

/** Parts what can run or allow something from what a repository may have as it likes. */
export const splitPowers = (values: unknown): { readonly harmless: Values; readonly powers: Values } =>
  // Where nothing is said the schema, which takes a start longer than all else about settings, need not be made.
  isRecord(values) && Object.keys(values).length > 0
    ? splitBy(values, settingsJsonSchema() as SettingSchema)
    : { harmless: {}, powers: {} };

/** One text for values that mean the same, in whatever order they are written. */
export const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    isRecord(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : inner,
  );

export const isSame = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b);

/** The values of a file with the powers that were trusted in place of its own. */
export const withPowers = (values: unknown, powers: Values): unknown =>
  mergedLayers([
    { origin: 'user', values: splitPowers(values).harmless },
    { origin: 'project', values: powers },
  ]);

/** What of the repository's file holds without trust, because it only shuts agents in more. */
export const narrowsIn = (layers: readonly Layer[]): Values =>
  layers.find(({ narrows }) => narrows !== undefined)?.narrows ?? {};

/** What the repository's file asks for and nobody has trusted; undefined when all of it holds. */
export const withheldIn = (layers: readonly Layer[]): Withheld | undefined =>
  layers.find(({ withheld }) => withheld !== undefined)?.withheld;

/** A setting that would change: each by its names, because a name may hold a dot. */
export type PowerChange = {
  readonly path: readonly string[];
  readonly power: Power;
  /** Undefined where it said nothing, or says nothing any more. */
  readonly before: unknown;
  readonly after: unknown;
};

const leavesOf = (value: unknown, path: readonly string[] = []): (readonly [readonly string[], unknown])[] =>
  isRecord(value) && Object.keys(value).length > 0
    ? Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, [...path, name]))
    : path.length === 0
      ? []
      : [[path, value]];

/** Every single setting that differs between two sets of powers. */
export const powerChanges = (before: Values, after: Values): readonly PowerChange[] => {
  const all = new Map<string, PowerChange>();
  for (const [path, value] of leavesOf(before))
    all.set(JSON.stringify(path), { path, power: powerOf(path.join('.')), before: value, after: undefined });
  for (const [path, value] of leavesOf(after)) {
    const key = JSON.stringify(path);
    const known = all.get(key) ?? { path, power: powerOf(path.join('.')), before: undefined };
    if (known.before !== undefined && isSame(known.before, value)) all.delete(key);
    else all.set(key, { ...known, after: value });
  }
  return [...all.values()];
};

/** The agents or modes of which the file says something that nobody has trusted, and of which nothing was trusted before. */
export const withheldNames = (withheld: Withheld | undefined, group: 'agents' | 'modes'): readonly string[] => {
  const [asked, trusted, narrows] = [withheld?.asked, withheld?.trusted, withheld?.narrows].map((values) => {
    const table = values?.[group];
    return isRecord(table) ? table : {};
  });
  // What needs no trust makes nothing known that the file says more of.
  const isKnown = (name: string): boolean =>
    Object.hasOwn(trusted!, name) &&
    (isSame(asked![name], trusted![name]) || !isSame(trusted![name], narrows![name] ?? null));
  return Object.keys(asked!).filter((name) => !isKnown(name));
};
