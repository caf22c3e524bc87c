import { loadavg } from 'node:os';

/**
 * A time that a requirement allows, on a machine that does other things as well: of so many programs that want to run at once
 * one may be the last. How busy it is is told late, and beside other tests it never is at rest.
 */
export const whileBusy = (ms: number): number => ms * Math.max(4, 2 * loadavg()[0]!);
