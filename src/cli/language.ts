import { locate } from '../client/locate.ts';
import type { CommandLanguage } from '../commands/define.ts';
import { languageOf } from '../commands/language.ts';
import { NO_FILE, readLayers } from '../daemon/config/config.ts';
import { AppError } from '../lib/errors.ts';
import { type Layer, mergedLayers } from '../state/setting-layers.ts';
import { settingsSchema } from '../state/settings.ts';
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

/** The language that lines are said in under these layers. */
const languageIn = (layers: readonly Layer[]): CommandLanguage =>
  languageOf(settingsSchema.parse(mergedLayers(layers)), layers);

/**
 * What lines may say in a place, its configured agents included; the language of the defaults where a mistake in a file
 * keeps them from being read, which the daemon tells of. No daemon is asked for it.
 */
export const languageAt = async (place: Place): Promise<CommandLanguage> => {
  try {
    return languageIn(await readLayers(settingsFile(place), place.env));
  } catch (error) {
    if (error instanceof AppError) return languageOf(settingsSchema.parse({}));
    throw error;
  }
};
