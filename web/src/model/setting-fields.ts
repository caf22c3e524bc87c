import { messageOf } from '../../../src/lib/errors.ts';
import { saidText } from '../../../src/protocol/say.ts';
import { settingSchemaAt } from '../../../src/state/setting-names.ts';
import { checkedSetting } from '../../../src/state/setting-values.ts';
import type { SettingRow } from '../../../src/text/setting-rows.ts';

/** How a setting is filled in. */
export type Field =
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'switch' }
  | { readonly kind: 'number' }
  | { readonly kind: 'text' }
  | { readonly kind: 'json' };

/** The field for a setting, by what the schema says of it. */
export const fieldOf = (key: string): Field => {
  const schema = settingSchemaAt(key) as { readonly type?: unknown; readonly enum?: unknown } | undefined;
  const choices = schema?.enum;
  if (Array.isArray(choices) && choices.every((one) => typeof one === 'string')) return { kind: 'choice', choices };
  if (schema?.type === 'boolean') return { kind: 'switch' };
  if (schema?.type === 'integer' || schema?.type === 'number') return { kind: 'number' };
  return schema?.type === 'string' ? { kind: 'text' } : { kind: 'json' };
};

/** A value as it stands in its field. */
export const fieldText = (value: unknown): string =>
  value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);

/** What is wrong with a value; null when nothing is. */
export const troubleWith = (key: string, text: string): string | null => {
  try {
    checkedSetting(key, text);
    return null;
  } catch (error) {
    return messageOf(error);
  }
};

export const setCommand = (key: string, text: string): string => `set config ${key} ${saidText(text)}`;
export const resetCommand = (key: string): string => `remove config ${key}`;

/** Settings by the first word of their keys, in the order of the schema. */
export const settingGroups = (rows: readonly SettingRow[]): readonly (readonly [string, readonly SettingRow[]])[] => [
  ...Map.groupBy(rows, ({ key }) => key.split('.', 1)[0]!),
];

/** The settings in which all these words stand. */
export const filterSettings = (rows: readonly SettingRow[], wanted: string): readonly SettingRow[] => {
  const words = wanted.toLowerCase().split(/\s+/u).filter(Boolean);
  return rows.filter(({ key, description }) => {
    const text = `${key} ${description}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
};
