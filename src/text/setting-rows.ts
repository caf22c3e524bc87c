import { z } from 'zod';
import { shown } from '../lib/text.ts';
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
import { type Settings, settingsSchema } from '../state/settings.ts';
import { isSame, withheldIn } from '../state/trust.ts';
import type { Cell, Table } from './table.ts';
import { fullText } from './trust-rows.ts';

/** One setting: its value, and the layer that decides it. */
export const settingRowSchema = z.object({
  key: z.string(),
  value: z.unknown(),
  origin: z.enum(ORIGINS).describe('Which layer decides, the strongest first'),
  source: z.string().nullable().describe('The file or the variable that says so; null for options and defaults'),
  variable: z.string().describe('The environment variable that sets it'),
  description: z.string(),
  withheld: z
    .object({ value: z.unknown().describe('What the file says; null when it says nothing any more') })
    .nullable()
    .describe('Set where the repository’s file says something else that is off until it is trusted'),
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

/** What the repository's file says of a key and nobody has trusted. */
const withheldAt = (key: string, layers: readonly Layer[]): SettingRow['withheld'] => {
  const withheld = withheldIn(layers);
  const asked = settingAt(withheld?.asked, key) ?? null;
  return isSame(asked, settingAt(withheld?.trusted, key) ?? null) ? null : { value: asked };
};

const rowOf = (key: string, values: unknown, { layers, files }: SettingSources): SettingRow => {
  const origin = originOf(key, layers);
  return {
    key,
    value: settingAt(values, key) ?? null,
    origin,
    source: sourceOf(key, origin, files),
    variable: variableOf(key),
    description: settingSchemaAt(key)?.description ?? '',
    withheld: withheldAt(key, layers),
  };
};

/** The settings as all layers together say them. */
export const settingsOf = (layers: readonly Layer[]): Settings => settingsSchema.parse(mergedLayers(layers));

/** Every setting, in the order of the schema. */
export const settingRows = (sources: SettingSources): SettingRow[] => {
  const values = settingsOf(sources.layers);
  return settingKeys().map(({ key }) => rowOf(key, values, sources));
};

/** One setting, a group of them or an entry by name; throws, with the nearest key, when there is none. */
export const settingRow = (key: string, sources: SettingSources): SettingRow => {
  checkSettingKey(key);
  return rowOf(key, settingsOf(sources.layers), sources);
};

/** A value as a person writes it; files may hold anything, and nothing in them may act on a terminal. */
export const settingText = (value: unknown): string => shown(typeof value === 'string' ? value : JSON.stringify(value));

/** What is off at a setting, in a few words; empty when nothing is. */
const withheldText = ({ withheld }: SettingRow): string =>
  withheld === null
    ? ''
    : `(off until "drover trust": ${withheld.value === null ? 'nothing any more' : fullText(withheld.value)})`;

/** A value, and beside it what the file says otherwise and nobody has trusted. */
export const settingSentence = (row: SettingRow): string =>
  [settingText(row.value), withheldText(row)].filter((part) => part !== '').join(' ');

const valueCell = (row: SettingRow): Cell => {
  const off = withheldText(row);
  if (off !== '') return { text: `${row.value === null ? '-' : settingText(row.value)} ${off}`, tone: 'bad' };
  return row.value === null ? { text: '-', tone: 'dim' } : { text: settingText(row.value) };
};

export const settingTable = (rows: readonly SettingRow[]): Table => ({
  head: ['key', 'value', 'origin', 'description'],
  rows: rows.map((row) => [
    { text: row.key },
    valueCell(row),
    { text: row.origin, ...(row.origin === 'default' ? { tone: 'dim' } : {}) },
    { text: row.description, tone: 'dim' },
  ]),
  least: ['description', 'origin'],
  empty: 'No setting.',
});

/** Everything about one setting, a line for each thing. */
export const settingPage = (row: SettingRow): string => {
  const { key, value, origin, source, variable, description } = row;
  return [
    `${key} = ${value === null ? '-' : settingText(value)}`,
    `  ${description}`,
    `  origin:   ${origin}${source === null ? '' : ` (${source})`}`,
    `  variable: ${variable}`,
    `  ${withheldText(row)}`,
  ]
    .filter((line) => line.trim() !== '')
    .join('\n');
};
