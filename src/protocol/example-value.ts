import { EXAMPLE_IDS } from './forms.ts';
import type { Signature } from './signature.ts';

/** A value that shows how a parameter is said, by its key, or by the verb and the key where that is not enough. */
const VALUES: Readonly<Record<string, string>> = {
  agent: 'claude',
  agents: 'claude,codex',
  assignee: 'kiro-1',
  branch: 'feature/login',
  'cache-read': '1200',
  'cache-write': '1200',
  capabilities: 'rust,docker',
  check: '"npm test"',
  comment: 'c-1',
  commit: '4b825dc6',
  complexity: '5',
  context: '12000',
  conversation: 'main',
  count: '3',
  criteria: '"it is fast; it is small"',
  criterion: '1.1',
  dependencies: '2.1',
  deps: '2.1',
  description: '"What is to be done"',
  estimate: '30m',
  failure: 'instance-crash',
  'failure-rate': '0.2',
  field: 'title',
  file: 'src/login.ts',
  files: 'src/login/**',
  from: 'kiro-1',
  'create from': 'main',
  grep: 'error',
  group: 'backend',
  hash: '4b825dc6',
  input: '1200',
  instances: '3',
  'create instances': 'kiro-1,kiro-2',
  kept: 'all',
  least: '99',
  limit: '20',
  line: '12',
  mode: 'safe',
  model: 'sonnet',
  name: 'login',
  older: '7d',
  on: 'kiro-1',
  output: '1200',
  percent: '50',
  prompt: '"Keep it small"',
  reason: '"It is still looked at"',
  'recovery-time': '30s',
  requirements: '1.1',
  revision: '3',
  search: 'login',
  since: '10m',
  spec: 'demo',
  target: 'backend',
  tasks: 'sample-spec',
  text: '"…"',
  timeout: '30s',
  title: '"Build the parser"',
  to: 'kiro-1',
  'export to': 'plan.md',
  'merge to': 'main',
  'move to': '../login',
  'report to': 'report.md',
  ttl: '30m',
  turns: '12',
  type: 'run.failed',
  usd: '0.5',
  user: 'ada',
  value: '5',
  version: '2',
  window: '200000',
};

/** A state of each noun that has states of its own. */
const STATES: Readonly<Record<string, string>> = {
  branch: 'merged',
  conflict: 'open',
  failure: 'open',
  instance: 'idle',
  log: 'idle',
  session: 'stale',
  task: 'ready',
  worktree: 'stale',
};

/** Keys whose values are ids of what the command is about. */
const OWN_IDS: ReadonlySet<string> = new Set(['id', 'except']);

/** A value that a parameter of a command takes; undefined where none is known. */
export const exampleValue = ({ verb, noun, values }: Signature, key: string): string | undefined => {
  if (OWN_IDS.has(key)) return EXAMPLE_IDS[noun] ?? `${noun}-1`;
  if (key === 'state') return STATES[noun];
  return values?.[key]?.[0] ?? VALUES[`${verb} ${key}`] ?? VALUES[key];
};
