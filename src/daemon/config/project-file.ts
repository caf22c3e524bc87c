import { chmod, mkdir, readlink, realpath, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { settingAt, type Values } from '../../state/setting-layers.ts';
import { replaceFile } from '../../state/store/disk.ts';
import { powerOf } from '../../state/trust.ts';
import { badConfiguration, settingsElsewhere, trustMoved } from '../errors.ts';
import { readSettingsText, settingsTextOf } from './config.ts';
import { editedSettings } from './edit-settings.ts';
import { type Powers, powersOf } from './project-layer.ts';
import { type Env, writeTrust } from './trust-store.ts';

const refuseMistakes = (file: string, text: string): void => {
  const [mistake] = readSettingsText(file, text).mistakes;
  if (mistake) throw badConfiguration({ ...mistake });
};

/** Writes a file of settings where it really lies, with the rights it had; null takes it away. */
export const writeSettings = async (file: string, text: string | Uint8Array | null): Promise<void> => {
  if (text === null) return rm(file, { force: true });
  await mkdir(dirname(file), { recursive: true });
  const real = await realpath(file).catch(() => file);
  const { mode } = await stat(real).catch(() => ({ mode: 0o644 }));
  // A half that a killed process leaves there names it, so that the next daemon takes it away (actions/sweep-drafts.ts).
  await replaceFile(real, text, { half: `${real}.${process.pid}.tmp` });
  await chmod(real, mode & 0o777);
};

/** Where a folder is by the link in its place, which may lead to none. */
const leadsTo = async (folder: string): Promise<string> => {
  const real = await realpath(folder).catch(() => undefined);
  const link = real ?? (await readlink(folder).catch(() => undefined));
  return link === undefined ? folder : resolve(dirname(folder), link);
};

/**
 * Refuses to write through a link of the repository into what is no file of settings: whoever made the link chose whose file
 * that is.
 */
export const assertOwn = async (file: string): Promise<void> => {
  const folder = await realpath(dirname(dirname(file))).catch(() => dirname(dirname(file)));
  const own = join(folder, basename(dirname(file)), basename(file));
  const real = await realpath(file).catch(async () => join(await leadsTo(dirname(own)), basename(file)));
  if (real === own) return;
  const text = await settingsTextOf(file).catch(() => undefined);
  if (text === undefined || readSettingsText(file, text).mistakes.length > 0) throw settingsElsewhere({ file, real });
};

/** Values with one key of others: as they have it, or without it. */
export const withKeyOf = (values: Values, others: Values, key: string): Values =>
  JSON.parse(editedSettings(JSON.stringify(values), key.split('.'), settingAt(others, key))) as Values;

/** What a person wrote by a command is trusted by that: all of the file where it was before, else that one key. */
const trustChange = (
  file: string,
  env: Env,
  { key, before, after }: { key: string; before: Powers; after: unknown },
): void => {
  if (powerOf(key) === 'none') return;
  const { asked: powers } = powersOf(after, file, env);
  writeTrust(file, env, before.holds ? powers : withKeyOf(before.trusted, powers, key));
};

/** Writes one key of the repository's file, or takes it out; whether that changed the file. Whoever writes it trusts it. */
export const changeProject = async (
  file: string,
  env: Env,
  { key, value }: { key: string; value: unknown },
): Promise<boolean> => {
  await assertOwn(file);
  const before = await settingsTextOf(file);
  const found = before ?? '';
  if (found.trim() !== '') refuseMistakes(file, found);
  const text = found.trim() === '' ? '{}\n' : found;
  const next = editedSettings(text, key.split('.'), value);
  refuseMistakes(file, next);
  if (value === undefined && next === text) return false;
  const known = powersOf(readSettingsText(file, text).values, file, env);
  const after = readSettingsText(file, next).values;
  if (next !== text) await writeSettings(file, next);
  try {
    trustChange(file, env, { key, before: known, after });
  } catch (error) {
    // A change that nobody trusts is none that was asked for.
    if (next !== text) await writeSettings(file, before ?? null);
    throw error;
  }
  return next !== text;
};

/** Trusts what the repository's file can run or allow, if that is what the hash names. */
export const trustProject = async (file: string, env: Env, hash: string): Promise<void> => {
  const text = (await settingsTextOf(file)) ?? '{}';
  refuseMistakes(file, text);
  const { asked, hash: now } = powersOf(readSettingsText(file, text).values, file, env);
  if (hash !== now) throw trustMoved({ hash, now });
  writeTrust(file, env, asked);
};
