import { closeSync, existsSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { codeOf } from '../lib/errors.ts';
import { isMissing } from '../lib/missing.ts';
import type { Paths } from '../lib/paths.ts';
import { isAlive } from './gone.ts';

/** Longer than any start takes, in milliseconds: whoever starts a daemon for so long is not waited for any more. */
export const BIRTH_MS = 30_000;

/** Whether the one who made a claim has ended, or takes so long that somebody else may try. */
const isStale = (file: string): boolean => {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    // It is empty for a moment, before its number is written.
    return (pid > 0 && !isAlive(pid)) || Math.abs(Date.now() - statSync(file).mtimeMs) > BIRTH_MS;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
};

/**
 * Claims the start of the daemon of a repository: gives the way to let go of it, or undefined while somebody else starts one.
 * All clients of a daemon that died come at once, and a dozen starts side by side take a dozen times as long. It only saves
 * work: that no two daemons work for one repository is up to the lock of its store.
 */
export const claimStart = ({ state }: Pick<Paths, 'state'>): (() => void) | undefined => {
  const file = `${state}/starting`;
  try {
    const claim = openSync(file, 'wx', 0o600);
    const letGo = (): void => rmSync(file, { force: true });
    try {
      writeSync(claim, String(process.pid));
    } catch (error) {
      // Without our number others would wait for us as long as a start may take.
      letGo();
      throw error;
    } finally {
      closeSync(claim);
    }
    return letGo;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    if (isStale(file)) rmSync(file, { force: true });
    return undefined;
  }
};

/** Whether somebody is at the start of the daemon of a repository. */
export const isBeingStarted = ({ state }: Pick<Paths, 'state'>): boolean => {
  const file = `${state}/starting`;
  return existsSync(file) && !isStale(file);
};
