import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Env, userFile } from '../../daemon/config/config.ts';
import { AppError } from '../../lib/errors.ts';
import { nearest } from '../../lib/text.ts';
import type { Settings } from '../../state/settings.ts';
import { type Looks, looksOf } from '../../tui/theme/looks.ts';
import { badTheme, themeFrom } from '../../tui/theme/theme-file.ts';
import { AUTO, THEMES, type Theme } from '../../tui/theme/themes.ts';
import type { LiveSettings } from './live-settings.ts';

/** Looks, and what kept them from being the wanted ones. */
type FoundLooks = { readonly looks: Looks; readonly trouble: AppError | null };

/** The file of a theme that a person made. */
const themeFile = (name: string, env: Env): string => join(dirname(userFile(env)), 'themes', `${name}.json`);

const readTheme = async (name: string, env: Env): Promise<Theme> => {
  const text = await (/^[\w.-]+$/u.test(name) ? readFile(themeFile(name, env), 'utf8') : Promise.reject()).catch(() => {
    const known = [AUTO, ...THEMES.keys()];
    const meant = nearest(name, known);
    const place = meant ? `did you mean ${meant}?` : `there is ${known.join(', ')}, and what drover/themes holds`;
    throw badTheme({ name, issue: `no theme has this name; ${place}` });
  });
  return themeFrom(name, text);
};

/** The looks that the settings ask for; a theme that cannot be used is told and replaced by the usual one. */
export const findLooks = async (
  wishes: Pick<Settings['tui'], 'theme' | 'ascii' | 'reduced_motion'>,
  env: Env,
): Promise<FoundLooks> => {
  const foundLooks = (theme: Looks['theme'], trouble: AppError | null): FoundLooks => ({
    looks: looksOf({ ...wishes, theme }, env),
    trouble,
  });
  if (wishes.theme === AUTO) return foundLooks(AUTO, null);
  const known = THEMES.get(wishes.theme);
  if (known) return foundLooks(known, null);
  try {
    return foundLooks(await readTheme(wishes.theme, env), null);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return foundLooks(AUTO, error);
  }
};

type Listener = (found: FoundLooks) => void;

/** The looks as they are wanted now, and as that changes with the settings. */
export const openTheme = async (live: LiveSettings, env: Env) => {
  const listeners = new Set<Listener>();
  let found = await findLooks(live.settings.tui, env);
  const applySettings = async (keys: readonly string[]): Promise<void> => {
    if (!keys.some((key) => key.startsWith('tui.'))) return;
    found = await findLooks(live.settings.tui, env);
    for (const listener of listeners) listener(found);
  };
  live.onChange((keys) => void applySettings(keys));
  return {
    looks: found.looks,
    /** Hears of new looks; trouble that there is already is told at once. Returns the way to stop. */
    onLooks: (listener: Listener): (() => void) => {
      listeners.add(listener);
      if (found.trouble) listener(found);
      return () => void listeners.delete(listener);
    },
  };
};
