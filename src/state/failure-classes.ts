/** The failure of a run, for people and for the recovery rules. */
export const FAILURE_CLASSES = [
  'check',
  'no-commit',
  'dirty',
  'crash',
  'hang',
  'session-lost',
  'stopped',
  'conflict',
  'gate',
  /** What it is built on is not good, so that it has to be done again with that. */
  'dependency',
  'agent',
  'login',
  'credit',
  'overloaded',
  'network',
  'limited',
  'drover',
  /** Its program is not there, or cannot be run. */
  'no-program',
  /** No room was left on the disk when its program ended, or was to be started. */
  'disk',
  /** The kernel ended programs for want of memory when this one was killed. */
  'memory',
] as const;

/** What is said of a run of which there is nothing to look at. */
export const NOTHING_COMMITTED = 'nothing was committed';
