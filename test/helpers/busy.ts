import { loadavg } from 'node:os';

/**
 * A time that a requirement allows, on a machine that does other things as well: of so many programs that want to run at once
 * one may be the last. At rest it is the time itself.
 */
export const whileBusy = (ms: number): number => ms * Math.max(1, loadavg()[0]!);
