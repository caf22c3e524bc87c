import { readFile } from 'node:fs/promises';
import { findNodeAtLocation, type JSONPath, type ParseError, parseTree } from 'jsonc-parser';
import type { z } from 'zod';
import { nearest, oneLine } from '../lib/text.ts';
import { type Layer, mergedLayers, settingsInEnvironment, variableOf } from '../state/setting-layers.ts';
import { type Settings, settingsSchema } from '../state/settings.ts';
import { badConfiguration } from './errors.ts';

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

/** The line of a key, where it stands in the file. */
const lineOf = (text: string, path: readonly PropertyKey[]): number | null => {
  const tree = parseTree(text);
  const node = tree && findNodeAtLocation(tree, path as JSONPath);
  return node ? lineAt(text, node.parent?.offset ?? node.offset) : null;
};

/** The line where a text stops being JSON. */
const brokenLine = (text: string): number => {
  const errors: ParseError[] = [];
  parseTree(text, errors, { disallowComments: true });
  return lineAt(text.trimEnd(), errors[0]?.offset ?? text.length);
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
      line: lineOf(text, [...issue.path, key]),
      issue: `there is no setting "${[...issue.path, key].join('.')}"`,
      hint: meant ? `Did you mean "${meant}"?` : `Known here: ${known.join(', ')}.`,
    });
  }
  return badConfiguration({
    file,
    line: issue.path.length === 0 ? null : lineOf(text, issue.path),
    issue: `${issue.path.join('.') || 'the configuration'}: ${oneLine(issue.message)}`,
    hint: 'Change it and try again.',
  });
};

const parsed = (file: string, text: string): unknown => {
  try {
    // Some editors put a byte order mark before it.
    return JSON.parse(text.replace(/^\uFEFF/u, ''));
  } catch (error) {
    const hint = 'Correct it, or remove the file for the defaults.';
    throw badConfiguration({ file, line: brokenLine(text), issue: 'is not valid JSON', hint }, error);
  }
};

const textOf = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    const issue = `cannot be read (${error.code})`;
    throw badConfiguration({ file, line: null, issue, hint: 'Check its permissions.' }, error);
  });

/** One file of settings, checked by itself so that an error names it. */
const readLayer = async (origin: 'project' | 'user', file: string): Promise<Layer> => {
  const text = await textOf(file);
  const values = parsed(file, text);
  const result = settingsSchema.safeParse(values);
  if (!result.success) throw explained(file, text, result.error.issues[0]!);
  return { origin, values };
};

type Env = Readonly<Record<string, string | undefined>>;

/** The user's own settings, for all repositories. */
export const userFile = (env: Env): string =>
  `${env['XDG_CONFIG_HOME'] || `${env['HOME'] ?? ''}/.config`}/drover/config.json`;

/** All layers of settings: environment, the repository's file, the user's file. A missing file says nothing. */
export const readLayers = async (file: string, env: Env): Promise<readonly Layer[]> => {
  const values = settingsInEnvironment(env);
  const result = settingsSchema.safeParse(values);
  if (!result.success) {
    const [issue] = result.error.issues;
    const key = issue?.path.join('.') ?? '';
    const hint = `Change or unset ${variableOf(key)}.`;
    throw badConfiguration({ file: variableOf(key), line: null, issue: oneLine(issue?.message ?? ''), hint });
  }
  return [{ origin: 'env', values }, await readLayer('project', file), await readLayer('user', userFile(env))];
};

/** Reads the settings of a repository: environment over its own file over the user's file over the defaults. */
export const readSettings = async (file: string, env: Env = {}): Promise<Settings> =>
  settingsSchema.parse(mergedLayers(await readLayers(file, env)));
