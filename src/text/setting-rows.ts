import { z } from 'zod';
import { withoutControls } from '../lib/text.ts';
import {
  type Layer,
  mergedLayers,
  ORIGINS,
  originOf,
  type SettingOrigin,
  settingAt,
  settingKeys,
  variableOf,
} from '../state/setting-layers.ts';
import { checkSettingKey, settingSchemaAt } from '../state/setting-names.ts';
import { settingsSchema } from '../state/settings.ts';
import type { Table } from './table.ts';

/** One setting: its value, and the layer that decides it. */
export const settingRowSchema = z.object({
  key: z.string(),
  value: z.unknown(),
  origin: z.enum(ORIGINS).describe('Which layer decides, the strongest first'),
  source: z.string().nullable().describe('The file or the variable that says so; null for options and defaults'),
  variable: z.string().describe('The environment variable that sets it'),
  description: z.string(),
});
export type SettingRow = z.infer<typeof settingRowSchema>;

/** Where settings come from. */
export type SettingSources = {
  /** All layers that say something. */
  readonly layers: readonly Layer[];
  /** The repository's file and the user's. */
  readonly files: { readonly project: string; readonly user: string };
};

const sourceOf = (key: string, origin: SettingOrigin, files: SettingSources['files']): string | null =>
  origin === 'env' ? variableOf(key) : origin === 'project' || origin === 'user' ? files[origin] : null;

const rowOf = (key: string, values: unknown, { layers, files }: SettingSources): SettingRow => {
  const origin = originOf(key, layers);
  return {
    key,
    value: settingAt(values, key) ?? null,
    origin,
    source: sourceOf(key, origin, files),
    variable: variableOf(key),
    description: settingSchemaAt(key)?.description ?? '',
  };
};

const valuesOf = (layers: readonly Layer[]): unknown => settingsSchema.parse(mergedLayers(layers));

/** Every setting, in the order of the schema. */
export const settingRows = (sources: SettingSources): SettingRow[] => {
  const values = valuesOf(sources.layers);
  return settingKeys().map(({ key }) => rowOf(key, values, sources));
};

/** One setting, a group of them or an entry by name; throws, with the nearest key, when there is none. */
export const settingRow = (key: string, sources: SettingSources): SettingRow => {
  checkSettingKey(key);
  return rowOf(key, valuesOf(sources.layers), sources);
};

/** A value as a person writes it; files may hold anything, and nothing in them may act on a terminal. */
export const settingText = (value: unknown): string =>
  withoutControls(typeof value === 'string' ? value : JSON.stringify(value));

export const settingTable = (rows: readonly SettingRow[]): Table => ({
  head: ['key', 'value', 'origin', 'description'],
  rows: rows.map(({ key, value, origin, description }) => [
    { text: key },
    value === null ? { text: '-', tone: 'dim' } : { text: settingText(value) },
    { text: origin, ...(origin === 'default' ? { tone: 'dim' } : {}) },
    { text: description, tone: 'dim' },
  ]),
  least: ['description', 'origin'],
  empty: 'No setting.',
});

/** Everything about one setting, a line for each thing. */
export const settingPage = ({ key, value, origin, source, variable, description }: SettingRow): string =>
  [
    `${key} = ${value === null ? '-' : settingText(value)}`,
    `  ${description}`,
    `  origin:   ${origin}${source === null ? '' : ` (${source})`}`,
    `  variable: ${variable}`,
  ]
    .filter((line) => line.trim() !== '')
    .join('\n');
