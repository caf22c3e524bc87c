/** What ids look like, as data. */

/** Ids whose form says what they name, the first match counts. */
export const ID_FORMS: readonly (readonly [RegExp, string])[] = [
  [/^batch-\d+$/u, 'integration'],
  [/^worker-\d+$/u, 'worker'],
  [/^f-\d+$/u, 'failure'],
  [/^(?:t?\d+|\d+(?:\.\d+)+|[A-Z][A-Z\d]+-\d+)$/u, 'task'],
  [/^(?:w\d+\/)?[a-z][a-z\d]*(?:-[a-z\d]+)*-\d+$/u, 'instance'],
  [/^[^/]+(?:\/[^/]+)+$/u, 'branch'],
];

/** What looks like several ids from one to another: which ones lie between is not known. */
export const RANGE = /^t?\d+(?:\.\d+)*-t?\d+(?:\.\d+)*$/u;

/** An id to show in examples. */
export const EXAMPLE_IDS: Readonly<Record<string, string>> = {
  task: '3.1',
  instance: 'kiro-1',
  integration: 'batch-5',
  branch: 'feature/login',
  spec: '.kiro/specs/demo',
  worker: 'worker-2',
  group: 'backend',
  failure: 'f-12',
  config: 'limits.maxInstances',
};
