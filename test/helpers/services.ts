import type { DaemonServices } from '../../src/daemon/services.ts';
import { partOf } from './context.ts';

/** Parts of the daemon's services, of which a test writes down as much as is asked for. */
type Parts = {
  readonly [Name in keyof DaemonServices]?: DaemonServices[Name] extends (...args: never) => unknown
    ? (...args: never) => unknown
    : object;
};

/** A daemon with these parts alone: whoever reaches for another fails the test, and is named. */
export const servicesWith = (parts: Parts): DaemonServices => partOf<DaemonServices>(parts as Partial<DaemonServices>);
