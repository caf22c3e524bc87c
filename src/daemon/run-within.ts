import { createContext, Script } from 'node:vm';
import { codeOf } from '../lib/errors.ts';

const place = createContext({ run: undefined as unknown });
const script = new Script('run()');

/**
 * Runs what waits for nothing, and ends it when it takes longer than so many milliseconds: undefined then. A regular
 * expression that tries the same letters in ever new ways would hold everything else up for years.
 */
export const runWithin = <T>(ms: number, run: () => T): { readonly value: T } | undefined => {
  place['run'] = run;
  try {
    return { value: script.runInContext(place, { timeout: ms }) as T };
  } catch (error) {
    if (codeOf(error) === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined;
    throw error;
  } finally {
    place['run'] = undefined;
  }
};
