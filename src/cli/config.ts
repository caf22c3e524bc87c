import { existsSync } from 'node:fs';
import { locate } from '../client/locate.ts';
import { readLayers, userFile } from '../daemon/config.ts';
import { defineError } from '../lib/errors.ts';
import { nearest } from '../lib/text.ts';
import {
  type Layer,
  mergedLayers,
  originOf,
  settingAt,
  settingKeys,
  settingsJsonSchema,
  variableOf,
} from '../state/setting-layers.ts';
import { settingsSchema } from '../state/settings.ts';
import type { Flags, Io } from './io.ts';
import { readOptions } from './options.ts';
import { printLine } from './print.ts';

const unknownKey = defineError('config/unknown-key', 3, (p: { key: string; meant?: string | undefined }) => ({
  message: `There is no setting "${p.key}".`,
  hint: p.meant ? `Did you mean ${p.meant}?` : 'See drover config list.',
}));

const unknownVerb = defineError('config/unknown-verb', 2, (p: { verb: string }) => ({
  message: `There is no "config ${p.verb}".`,
  hint: 'Say config list, config get KEY [--show-origin], config validate or config schema.',
}));

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? null));

/** Throws unless the key is one of the settings or lies below one that holds entries by name. */
const checkKey = (key: string): void => {
  const keys = settingKeys();
  const isKnown = keys.some(
    (one) => one.key === key || one.key.startsWith(`${key}.`) || (one.free && key.startsWith(`${one.key}.`)),
  );
  if (!isKnown)
    throw unknownKey({
      key,
      meant: nearest(
        key,
        keys.map((one) => one.key),
      ),
    });
};

const list = (layers: readonly Layer[]) => {
  const settings = settingsSchema.parse(mergedLayers(layers));
  return settingKeys().map(({ key, description }) => ({
    key,
    value: settingAt(settings, key) ?? null,
    origin: originOf(key, layers),
    variable: variableOf(key),
    description,
  }));
};

const get = (
  io: Io,
  flags: Flags,
  layers: readonly Layer[],
  { key, origin }: { key: string; origin: boolean },
): void => {
  checkKey(key);
  const value = settingAt(settingsSchema.parse(mergedLayers(layers)), key) ?? null;
  const from = originOf(key, layers);
  if (flags.json) printLine(io.stdout, JSON.stringify({ key, value, origin: from }, null, 2));
  else printLine(io.stdout, origin ? `${shown(value)} ${from}` : shown(value));
};

/** `drover config list|get KEY [--show-origin]|validate|schema`: settings and where each comes from. */
export const config = async (io: Io, flags: Flags, argv: readonly string[]): Promise<number> => {
  const { words, switches } = readOptions(argv, { switches: ['show-origin'], words: 2 });
  const [verb = 'list', key = ''] = words;
  if (verb === 'schema') {
    printLine(io.stdout, JSON.stringify(settingsJsonSchema(), null, 2));
    return 0;
  }
  const file = locate(io.cwd, io.env).config;
  if (!['list', 'get', 'validate'].includes(verb)) throw unknownVerb({ verb });
  const layers = await readLayers(file, io.env);
  if (verb === 'get') get(io, flags, layers, { key, origin: switches.has('show-origin') });
  else if (verb === 'validate') {
    const files = [file, userFile(io.env)].filter((one) => existsSync(one));
    printLine(
      io.stdout,
      flags.json ? JSON.stringify({ valid: true, files }, null, 2) : `valid: ${files.join(', ') || 'defaults only'}`,
    );
  } else {
    const all = list(layers);
    const text = all
      .map((one) => `${one.key.padEnd(24)} ${shown(one.value)}  (${one.origin})  ${one.description}`)
      .join('\n');
    printLine(io.stdout, flags.json ? JSON.stringify(all, null, 2) : text);
  }
  return 0;
};
