import { z } from 'zod';
import { isRecord } from '../lib/entry.ts';
import { settingsSchema } from './settings.ts';

/** Where a value comes from, the strongest first. */
export const ORIGINS = ['flag', 'env', 'project', 'user', 'default'] as const;
export type SettingOrigin = (typeof ORIGINS)[number];

/** What a file of settings says, in the shape of the settings. */
export type Values = Readonly<Record<string, unknown>>;

/** What a repository's file asks for and nobody has trusted: it does not hold. */
export type Withheld = {
  /** Names what the file asks for, all of it; whoever trusts says it. */
  readonly hash: string;
  /** What the file says that can run or allow something. */
  readonly asked: Values;
  /** What holds instead: what was trusted before, and what of the file needs no trust. */
  readonly trusted: Values;
  /** The latter alone: what only shuts agents in more. */
  readonly narrows?: Values;
};

export type Layer = {
  readonly origin: SettingOrigin;
  readonly values: unknown;
  /** What the repository's file asks for beyond these values, and nobody has trusted. */
  readonly withheld?: Withheld;
  /** What of the repository's file holds although nobody has trusted it, because it only shuts agents in more. */
  readonly narrows?: Values;
};

export type SettingKey = {
  readonly key: string;
  readonly description: string;
  readonly value: unknown;
  readonly free: boolean;
};

/** A JSON Schema, as far as it is read here. */
export type SettingSchema = {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, SettingSchema>>;
  readonly additionalProperties?: unknown;
};

let jsonSchema: Record<string, unknown> | undefined;

/** The settings as a JSON Schema, descriptions and defaults included. */
export const settingsJsonSchema = (): Record<string, unknown> => {
  jsonSchema ??= z.toJSONSchema(settingsSchema, { io: 'input' });
  return jsonSchema;
};

const keysOf = (schema: SettingSchema, path: string): SettingKey[] =>
  Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => {
    const key = path === '' ? name : `${path}.${name}`;
    if (inner.properties) return keysOf(inner, key);
    return [
      { key, description: inner.description ?? '', value: inner.default, free: isRecord(inner.additionalProperties) },
    ];
  });

/** Every setting by its dotted key, in the order of the schema; `free` ones hold entries by names of the user's. */
export const settingKeys = (): readonly SettingKey[] => keysOf(settingsJsonSchema() as SettingSchema, '');

/** `limits.maxInstances` → `DROVER_LIMITS_MAX_INSTANCES`. */
export const variableOf = (key: string): string =>
  `DROVER_${key
    .replace(/(?<=[a-z])(?=[A-Z])/gu, '_')
    .replaceAll('.', '_')
    .toUpperCase()}`;

/** Puts a value at a dotted key, making the groups on the way. */
export const putSetting = (into: Record<string, unknown>, key: string, value: unknown): void => {
  const [first = '', ...rest] = key.split('.');
  if (rest.length === 0) into[first] = value;
  else {
    const inner = Object.hasOwn(into, first) && isRecord(into[first]) ? into[first] : {};
    into[first] = inner;
    putSetting(inner, rest.join('.'), value);
  }
};

/** The value of a dotted key in a layer or anything nested like one; undefined when it says nothing. */
export const settingAt = (values: unknown, key: string): unknown =>
  key
    .split('.')
    .reduce<unknown>((at, part) => (isRecord(at) && Object.hasOwn(at, part) ? at[part] : undefined), values);

const mergeValues = (weak: unknown, strong: unknown): unknown => {
  if (!isRecord(weak) || !isRecord(strong)) return strong === undefined ? weak : strong;
  const names = new Set([...Object.keys(weak), ...Object.keys(strong)]);
  return Object.fromEntries([...names].map((name) => [name, mergeValues(weak[name], strong[name])]));
};

/** All layers as one object, the strongest winning key by key. */
export const mergedLayers = (layers: readonly Layer[]): unknown =>
  layers
    .toSorted((a, b) => ORIGINS.indexOf(b.origin) - ORIGINS.indexOf(a.origin))
    .reduce<unknown>((values, layer) => mergeValues(values, layer.values), {});

/** Which layer decides over a key. */
export const originOf = (key: string, layers: readonly Layer[]): SettingOrigin =>
  ORIGINS.find((origin) =>
    layers.some((layer) => layer.origin === origin && settingAt(layer.values, key) !== undefined),
  ) ?? 'default';
