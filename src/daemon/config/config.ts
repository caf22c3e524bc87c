import { existsSync } from 'node:fs';
import { findNodeAtLocation, type JSONPath, type ParseError, parseTree } from 'jsonc-parser';
import type { z } from 'zod';
import { readBounded } from '../../files/bounded-file.ts';
import { asSentence, codeOf, messageOf } from '../../lib/errors.ts';
import { lineAt } from '../../lib/json-fault.ts';
import { tooDeepAt } from '../../lib/nesting.ts';
import { nearest, oneLine, shorten } from '../../lib/text.ts';
import { issueText } from '../../state/issue-text.ts';
import { type Layer, mergedLayers, variableOf } from '../../state/setting-layers.ts';
import { settingMeant } from '../../state/setting-names.ts';
import { settingsInEnvironment } from '../../state/setting-values.ts';
import { type Settings, settingsSchema } from '../../state/settings.ts';
import { badConfiguration } from '../errors.ts';
import { withoutComments } from './edit-settings.ts';
import { isOutdated, outdatedHint, withoutSetting } from './outdated.ts';
import { projectLayer } from './project-layer.ts';

/** A mistake in the settings. `file` may be the name of a variable. */
export type Mistake = {
  readonly file: string;
  readonly line: number | null;
  readonly issue: string;
  readonly hint: string;
};

/** A mistake in one or two sentences, with where it is. */
export const mistakeSentence = ({ file, line, issue, hint }: Mistake): string =>
  `${file}${line === null ? '' : `, line ${line}`}: ${asSentence(issue)} ${hint}`;

/** The line in which a key stands in a file. */
const lineOf = (text: string, path: readonly PropertyKey[]): number | null => {
  const tree = parseTree(text);
  const node = tree && findNodeAtLocation(tree, path as JSONPath);
  if (!node) return null;
  return lineAt(text, node.parent?.type === 'property' ? node.parent.offset : node.offset);
};

/** The line where a text stops being JSON. */
const brokenLine = (text: string): number => {
  const errors: ParseError[] = [];
  parseTree(text, errors);
  return lineAt(text.trimEnd(), errors[0]?.offset ?? text.length);
};

const keysAt = (path: readonly PropertyKey[]): string[] => {
  let schema: unknown = settingsSchema;
  for (const step of path) {
    const inner = unwrap(schema) as { shape?: Record<string, unknown>; valueType?: unknown };
    schema = inner.shape?.[String(step)] ?? inner.valueType;
  }
  return Object.keys((unwrap(schema) as { shape?: object } | undefined)?.shape ?? {});
};

/** The schema behind defaults and optionals. */
const unwrap = (schema: unknown): unknown => {
  let inner = schema as { def?: { innerType?: unknown } } | undefined;
  while (inner?.def?.innerType !== undefined) inner = inner.def.innerType as typeof inner;
  return inner;
};

const mistakesOf = (file: string, text: string, issue: z.core.$ZodIssue): Mistake[] => {
  if (issue.code !== 'unrecognized_keys')
    return [
      {
        file,
        line: issue.path.length === 0 ? null : lineOf(text, issue.path),
        issue: `${oneLine(issue.path.join('.')) || 'the configuration'}: ${oneLine(issueText(issue))}`,
        hint: 'Change it and try again.',
      },
    ];
  const known = keysAt(issue.path);
  return issue.keys.map((key) => {
    const path = [...issue.path, key];
    const name = path.join('.');
    const meant = nearest(key, known) ?? settingMeant(name);
    return {
      file,
      line: lineOf(text, path),
      issue: `there is no setting "${name}"`,
      hint: meant ? `Did you mean "${meant}"?` : `Known here: ${known.join(', ')}.`,
    };
  });
};

type Found = {
  /** What is read, without what is outdated. */
  readonly values: unknown;
  readonly mistakes: readonly Mistake[];
  /** Values that a former version took and this one does not: the default holds instead. */
  readonly outdated: readonly Mistake[];
};

const judged = (values: unknown, toMistakes: (issue: z.core.$ZodIssue) => readonly Mistake[]): Found => {
  const result = settingsSchema.safeParse(values);
  const issues = result.success ? [] : result.error.issues;
  const old = issues.filter(isOutdated);
  return {
    values: old.reduce((rest, { path }) => withoutSetting(rest, path.map(String)), values),
    mistakes: issues.filter((issue) => !isOutdated(issue)).flatMap(toMistakes),
    outdated: old.flatMap((issue) => toMistakes(issue).map((mistake) => ({ ...mistake, hint: outdatedHint(issue) }))),
  };
};

/** No setting stands deeper; whatever reads a text or its values by calling itself has stack for so much. */
const DEEPEST = 32;

/** Names that every object of the language answers to: as a key of a table they mean something else to each reader. */
const RESERVED: readonly string[] = ['__proto__', 'constructor', 'prototype'];

/** The places of names that nothing may have, anywhere in the values. */
const reservedIn = (value: unknown, path: readonly string[] = []): string[][] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, inner]) => {
        const here = [...path, name];
        return RESERVED.includes(name) ? [here] : reservedIn(inner, here);
      })
    : [];

const reservedMistake = (file: string, text: string, path: readonly string[]): Mistake => ({
  file,
  line: lineOf(text, path),
  issue: `${oneLine(path.join('.'))}: nothing may be called "${path.at(-1)!}"`,
  hint: 'Give it another name.',
});

const unreadable = (mistakes: readonly Mistake[]): Found => ({ values: {}, mistakes, outdated: [] });

/** Reads the settings in a text, with all mistakes in them. Comments are welcome in it. */
export const readSettingsText = (file: string, text: string): Found => {
  let values: unknown;
  const deep = tooDeepAt(text, DEEPEST);
  if (deep !== undefined) {
    const issue = `is nested too deeply, in more than ${DEEPEST} brackets`;
    return unreadable([{ file, line: lineAt(text, deep), issue, hint: 'Correct it.' }]);
  }
  try {
    // Some editors put a byte order mark before it.
    values = JSON.parse(withoutComments(text.replace(/^\uFEFF/u, '')));
  } catch {
    const hint = 'Correct it, or remove the file for the defaults.';
    return unreadable([{ file, line: brokenLine(text), issue: 'is not valid JSON', hint }]);
  }
  const reserved = reservedIn(values);
  if (reserved.length > 0) return unreadable(reserved.map((path) => reservedMistake(file, text, path)));
  return judged(values, (issue) => mistakesOf(file, text, issue));
};

/** Whatever is longer holds more than settings, in bytes. */
const LONGEST = 1024 * 1024;

/** Reads a file of settings, where a repository may have anything instead; undefined when there is none. */
export const settingsBytesOf = async (file: string): Promise<Buffer | undefined> => {
  const found = await readBounded(file, LONGEST).catch((error: unknown) => {
    const isCircle = codeOf(error) === 'ELOOP';
    const issue = `cannot be read ${isCircle ? 'because its links lead in a circle' : `(${codeOf(error) || messageOf(error)})`}`;
    const hint = isCircle ? 'Put a file of settings there.' : 'Check its permissions.';
    throw badConfiguration({ file, line: null, issue, hint }, error);
  });
  if (found.refused === undefined) return found.bytes;
  const hint = 'Move it away, or put a file of settings there.';
  throw badConfiguration({ file, line: null, issue: `cannot be read, because it ${found.refused}`, hint });
};

/** Reads the text of a file of settings; undefined when there is none. */
export const settingsTextOf = async (file: string): Promise<string | undefined> =>
  (await settingsBytesOf(file))?.toString('utf8');

/** Reads one file of settings, checked by itself so that a mistake names it. */
const readFileLayer = async (file: string): Promise<Found> =>
  readSettingsText(file, (await settingsTextOf(file)) ?? '{}');

export type Env = Readonly<Record<string, string | undefined>>;

/** Stands for the file of a repository where there is none. */
export const NO_FILE = '/nonexistent/drover/config.json';

/** The file of the user's own settings, for all repositories. */
export const userFile = (env: Env): string =>
  `${env['XDG_CONFIG_HOME'] || `${env['HOME'] ?? ''}/.config`}/drover/config.json`;

/** Refuses where the user's own file cannot be read as settings: nothing that another file says would hold. */
export const assertUserFile = async (env: Env): Promise<void> => {
  const [mistake] = (await readFileLayer(userFile(env))).mistakes;
  if (mistake) throw badConfiguration({ ...mistake });
};

/** The files of settings that exist. */
export const settingsFiles = (file: string, env: Env): string[] =>
  [file, userFile(env)].filter((one) => existsSync(one));

/** Reads the settings in an environment, with all mistakes in them. */
export const readEnvironment = (env: Env): Found => {
  return judged(settingsInEnvironment(env), (issue) => {
    const variable = variableOf(issue.path.join('.'));
    const said = env[variable];
    const value = said === undefined ? '' : `"${shorten(oneLine(said), 60)}" is not valid: `;
    const hint = `Change or unset ${variable}.`;
    return [{ file: variable, line: null, issue: `${value}${oneLine(issueText(issue))}`, hint }];
  });
};

/**
 * Reads all layers of settings with all mistakes in them: environment, the repository's file, the user's file. Of the
 * repository's file nothing is in them that can run or allow something and was not trusted: whoever reads settings, reads
 * them here.
 */
export const inspectLayers = async (
  file: string,
  env: Env,
): Promise<{ layers: readonly Layer[] } & Pick<Found, 'mistakes' | 'outdated'>> => {
  const own = await readFileLayer(file);
  const found = [readEnvironment(env), own, await readFileLayer(userFile(env))] as const;
  const ours: Layer = { origin: 'env', values: found[0].values };
  const yours: Layer = { origin: 'user', values: found[2].values };
  const layers = [ours, projectLayer(own.values, { file, env, others: [ours, yours] }), yours];
  return {
    layers,
    mistakes: found.flatMap(({ mistakes }) => mistakes),
    outdated: found.flatMap(({ outdated }) => outdated),
  };
};

/** The same, where the first mistake is an error. A missing file says nothing. */
export const readInspected = async (file: string, env: Env) => {
  const { layers, mistakes, outdated } = await inspectLayers(file, env);
  if (mistakes[0]) throw badConfiguration({ ...mistakes[0] });
  return { layers, outdated };
};

/** Reads all layers of settings; the first mistake is an error. */
export const readLayers = async (file: string, env: Env): Promise<readonly Layer[]> =>
  (await readInspected(file, env)).layers;

/** Reads the settings of a repository: environment over its own file over the user's file over the defaults. */
export const readSettings = async (file: string, env: Env = {}): Promise<Settings> =>
  settingsSchema.parse(mergedLayers(await readLayers(file, env)));
