import { locate } from '../client/locate.ts';
import type { CommandLanguage } from '../commands/define.ts';
import { languageOf } from '../commands/index.ts';
import { NO_FILE, readSettings } from '../daemon/config/config.ts';
import { AppError } from '../lib/errors.ts';
import { type Settings, settingsSchema } from '../state/settings.ts';
import type { Io } from './io.ts';

type Place = Pick<Io, 'cwd' | 'env'>;

/** The file of the repository's settings; outside of a repository only the user's own hold. */
const settingsFile = ({ cwd, env }: Place): string => {
  try {
    return locate(cwd, env).config;
  } catch (error) {
    if (error instanceof AppError) return NO_FILE;
    throw error;
  }
};

/** The settings of a place, or the defaults where a mistake in a file keeps them from being read: the daemon tells of it. */
const settingsAt = async (place: Place): Promise<Settings> => {
  try {
    return await readSettings(settingsFile(place), place.env);
  } catch (error) {
    if (error instanceof AppError) return settingsSchema.parse({});
    throw error;
  }
};

/** What lines may say in a place, its configured agents included. No daemon is asked for it. */
export const languageAt = async (place: Place): Promise<CommandLanguage> => languageOf(await settingsAt(place));
