import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { nearest, oneLine } from '../lib/text.ts';
import { type Settings, settingsSchema } from '../state/settings.ts';
import { badConfiguration } from './errors.ts';

const lineOf = (text: string, key: string | undefined): number | null => {
  if (key === undefined) return null;
  const index = text.split('\n').findIndex((line) => line.includes(`"${key}"`));
  return index < 0 ? null : index + 1;
};

const keysAt = (path: readonly PropertyKey[]): string[] => {
  let schema: unknown = settingsSchema;
  for (const step of path) {
    const inner = unwrapped(schema) as { shape?: Record<string, unknown>; valueType?: unknown };
    schema = inner.shape?.[String(step)] ?? inner.valueType;
  }
  return Object.keys((unwrapped(schema) as { shape?: object } | undefined)?.shape ?? {});
};

/** Behind defaults and optionals. */
const unwrapped = (schema: unknown): unknown => {
  let inner = schema as { def?: { innerType?: unknown } } | undefined;
  while (inner?.def?.innerType !== undefined) inner = inner.def.innerType as typeof inner;
  return inner;
};

const explained = (file: string, text: string, issue: z.core.$ZodIssue) => {
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const known = keysAt(issue.path);
    const meant = nearest(key, known);
    return badConfiguration({
      file,
      line: lineOf(text, key),
      issue: `there is no setting "${[...issue.path, key].join('.')}"`,
      hint: meant ? `Did you mean "${meant}"?` : `Known here: ${known.join(', ')}.`,
    });
  }
  const key = issue.path.at(-1);
  return badConfiguration({
    file,
    line: lineOf(text, key === undefined ? undefined : String(key)),
    issue: `${issue.path.join('.') || 'the configuration'}: ${oneLine(issue.message)}`,
    hint: 'Change it and try again.',
  });
};

/** Reads the settings of a repository; a missing file is an empty one. */
export const readSettings = async (file: string): Promise<Settings> => {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    throw badConfiguration(
      { file, line: null, issue: `cannot be read (${error.code})`, hint: 'Check its permissions.' },
      error,
    );
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const at = /position (?<position>\d+)/u.exec(String(error))?.groups?.['position'];
    const line = at === undefined ? null : text.slice(0, Number(at)).split('\n').length;
    throw badConfiguration(
      { file, line, issue: 'is not valid JSON', hint: 'Correct it, or remove the file for the defaults.' },
      error,
    );
  }
  const result = settingsSchema.safeParse(value);
  if (result.success) return result.data;
  throw explained(file, text, result.error.issues[0]!);
};
