import { keyOf } from './lex.ts';
import type { Vocabulary } from './vocabulary.ts';

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

// A colon stands within the ids of alerts: failed:3.1
const ID = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}._/#@-]|:(?=[\p{L}\p{N}]))*$/u;
/** No id is longer, in characters, and no path that is said. */
export const LONGEST_ID = 400;

/** Whether a text may be an id that is no path. */
export const isId = (text: string): boolean => text.length <= LONGEST_ID && ID.test(text) && !text.includes('..');

type Agents = Pick<Vocabulary, 'agents'>;

/** The agent of which an id would name an instance: `KIRO-3`, `kiro-3`. */
export const agentOfId = ({ agents }: Agents, id: string): string | undefined =>
  id.includes('-') ? agents.get(keyOf(id.replace(/-\d+$/u, ''))) : undefined;

/** No id of a telling form is longer, and a longer text is not compared with them. */
const LONGEST_FORM = 200;

/** The noun that an id's form tells. */
export const formOf = (agents: Agents, id: string): string | undefined => {
  if (id.length > LONGEST_FORM) return undefined;
  // `KIRO-3` is an instance in capitals, not an issue of a project called KIRO, and `worker-1` that of an agent called worker.
  if (/-\d+$/u.test(id) && agentOfId(agents, id) !== undefined) return 'instance';
  return ID_FORMS.find(([form]) => form.test(id))?.[1];
};
