import type { AppEvent, EventDraft } from '../../src/state/index.ts';
import { created, moved, reply, START, started, task } from './fake-swarm.ts';

const COUNTS = { commits: 2, files: 5, insertions: 40, deletions: 1 };

/** A swarm in which something of everything is to be seen. */
export const goldenSwarm: readonly EventDraft[] = [
  { type: 'daemon.started', data: { pid: 1, version: '0.1.0' } },
  ...[1, 2, 3, 4, 5].map((n) => created(n)),
  task('1', 'Set up the project'),
  task('2.1', 'Read temperature and humidity', ['1']),
  task('2.2', 'Read the wind', ['1']),
  task('3', 'Keep the history in daily files', ['2.1', '2.2']),
  task('4.1', 'Draw a panel for the terminal'),
  task('4.2', 'Serve a page for the living room 世界', ['4.1']),
  task('5', 'Work without a network'),
  task('6', 'Choose the units'),
  ...started('1', 'rehearsal-1', 100),
  { type: 'run.claimed', data: { id: '1', summary: 'The folders are there' } },
  {
    type: 'run.verified',
    data: {
      id: '1',
      result: { head_commit: 'b'.repeat(40), ...COUNTS, check_ms: 900, check_output: 'ok' },
    },
  },
  ...started('2.1', 'rehearsal-1', 60),
  ...started('2.2', 'rehearsal-2', 10),
  ...started('6', 'rehearsal-3', 20),
  moved('rehearsal-1', 'working'),
  moved('rehearsal-2', 'working'),
  moved('rehearsal-3', 'waiting', 'Shall the wind be in m/s or in km/h?'),
  moved('rehearsal-4', 'idle'),
  moved('rehearsal-5', 'lost'),
  {
    type: 'alert.raised',
    data: {
      id: 'waiting:rehearsal-3',
      severity: 'warning',
      text: 'rehearsal-3 asks: Shall the wind be in m/s or in km/h?',
      suggestion: 'answer rehearsal-3 yes',
      instance: 'rehearsal-3',
      task: '6',
    },
  },
  {
    type: 'alert.raised',
    data: {
      id: 'lost:rehearsal-5',
      severity: 'error',
      text: 'rehearsal-5 is lost: its session is gone',
      suggestion: 'restart instance rehearsal-5',
      instance: 'rehearsal-5',
      task: null,
    },
  },
];

/** What each agent has on its terminal. */
export const goldenScreens: Readonly<Record<string, string>> = {
  'rehearsal-1':
    '\u001B[1m● Task 2.1: Read temperature\u001B[m\r\n  \u001B[2mreading the brief\u001B[m\r\n  edited sensor.ts\r\n\u001B[32m  ✔ 14 tests pass\u001B[m\r\n\u001B[36m❯\u001B[m ',
  'rehearsal-2': '● Task 2.2: Read the wind\r\n  counting pulses \u001B[33m███\u001B[2m░░░\u001B[m 50 %\r\n',
  'rehearsal-3': '● Task 6: Choose the units\r\n\u001B[33m? Shall the wind be in m/s or in km/h?\u001B[m\r\n? ',
  'rehearsal-4': 'ready\r\n❯ ',
  'rehearsal-5': 'last words of an agent\r\n',
};

const worktree = (n: number, more: object) => ({
  name: `rehearsal-${n}`,
  path: `/tmp/rehearsal-${n}`,
  kind: 'instance',
  instance: `rehearsal-${n}`,
  instance_state: 'working',
  session: `repo-rehearsal-${n}`,
  task: null,
  task_state: null,
  branch: `feature/task-${n}`,
  problem: null,
  dirty: n % 2,
  ahead: n,
  behind: 0,
  commit: 'c'.repeat(40),
  committed_at: START,
  subject: 'Read the sensor',
  tasks: [],
  ...more,
});

const event = (seq: number, type: string, data: object, actor = 'tui') =>
  ({ seq, at: START, actor, corr: 'c1', type, data }) as unknown as AppEvent;

const planned = (id: string, wave: number, waits_for: readonly string[], more: object = {}) => ({
  id,
  title: '',
  wave,
  waits_for,
  instance: null,
  start: null,
  end: null,
  ...more,
});

const ANSWERS: Readonly<Record<string, unknown>> = {
  'plan tasks': {
    waves: [
      ['2.1', '2.2', '4.1'],
      ['3', '4.2'],
    ],
    critical_path: ['2.2', '3'],
    strategy: 'critical-path',
    unit: 'ms',
    length: 90_000,
    least: 60_000,
    instances: ['rehearsal-1', 'rehearsal-2'],
    assumed: false,
    runs: 2,
    applied: [],
    tasks: [
      planned('2.1', 1, [], { instance: 'rehearsal-1', start: 0, end: 30_000 }),
      planned('2.2', 1, [], { instance: 'rehearsal-2', start: 0, end: 40_000 }),
      planned('4.1', 1, []),
      planned('3', 2, ['2.1', '2.2'], { start: 40_000, end: 90_000 }),
      planned('4.2', 2, ['4.1']),
    ],
  },
  'tree worktrees': [
    worktree(1, { tasks: [{ id: '2.1', title: 'Read temperature and humidity', word: 'running' }] }),
    worktree(2, { tasks: [{ id: '2.2', title: 'Read the wind', word: 'running' }] }),
    worktree(4, {}),
  ],
  'list logs': [{ instance: 'rehearsal-1', last: '✔ 14 tests pass', found: [] }],
};

const DIFF = {
  id: 'rehearsal-1',
  from: 'a'.repeat(40),
  to: 'b'.repeat(40),
  uncommitted: true,
  files: [{ path: 'sensor.ts', insertions: 2, deletions: 1 }],
  patch:
    'diff --git a/sensor.ts b/sensor.ts\n--- a/sensor.ts\n+++ b/sensor.ts\n@@ -1,3 +1,4 @@\n export const poll = () => {\n-  return 1;\n+  const value = read("t");\n+  return value;\n };\n',
  cut: false,
};

const EVENTS = [
  event(1, 'command.finished', { verb: 'tell', text: 'tell rehearsal-1 Use metric units', exit: 0 }),
  event(2, 'run.claimed', { id: '1', summary: 'The folders are there', source: 'hook' }, 'daemon'),
  event(3, 'run.verified', { id: '1', result: { commits: 1, check_ms: 900 } }, 'daemon'),
  event(4, 'instance.moved', {
    instance_id: 'rehearsal-3',
    state: 'waiting',
    source: 'hook',
    question: 'Shall the wind be in m/s or in km/h?',
  }),
];

/** What the views ask is answered always alike. */
export const goldenAnswers = async (text: string) => {
  if (text.startsWith('show diff')) return reply({ data: DIFF, message: 'rehearsal-1: 1 file, +2 -1.' });
  if (text.startsWith('list events')) return reply({ data: EVENTS });
  if (text.startsWith('show log')) return reply({ data: { instance: 'rehearsal-1', text: 'a line\nand one more\n' } });
  if (text === 'help')
    return reply({ text: 'Everything that can be said:\n  run task     Start a task\n  list tasks   List them' });
  return reply({ data: ANSWERS[text] ?? [] });
};
