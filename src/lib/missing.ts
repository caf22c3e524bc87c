import { codeOf } from './errors.ts';

/** Whether the system says that a file or folder is not there. */
export const isMissing = (error: unknown): boolean => codeOf(error) === 'ENOENT';

/** What comes of a file or folder; undefined where that is not there. */
export const unlessMissing = async <T>(value: Promise<T>): Promise<T | undefined> => {
  try {
    return await value;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};

/** The same where also a file may stand in the place of a folder above it: everything else may hide what is there. */
export const unlessGone = async <T>(value: Promise<T>): Promise<T | undefined> => {
  try {
    return await value;
  } catch (error) {
    if (isMissing(error) || codeOf(error) === 'ENOTDIR') return undefined;
    throw error;
  }
};
