import { themeOf } from '../../src/lib/palette.ts';
import type { Reply, ScreenSink, SwarmClient } from '../../src/ports/swarm.ts';
import { type EventDraft, emptyState, reduce, type State } from '../../src/state/index.ts';
import type { InstanceStateName } from '../../src/state/instances.ts';

export const START = '2026-01-01T00:00:00.000Z';
export const NOW = Date.parse(START) + 65_000;

/** The state after these facts. */
export const stateOf = (drafts: readonly EventDraft[], from: State = emptyState): State =>
  drafts.reduce(
    (state, draft) =>
      reduce(state, { ...draft, seq: state.seq + 1, at: START, actor: 'test', corr: 'c1' } as Parameters<
        typeof reduce
      >[1]),
    from,
  );

export const created = (n: number, agent = 'rehearsal'): EventDraft => ({
  type: 'instance.created',
  data: {
    instance_id: `${agent}-${n}`,
    agent,
    session: `repo-${agent}-${n}`,
    branch_name: `feature/task-${n}`,
    workspace_path: `/tmp/${agent}-${n}`,
    source_repository: '/tmp/repo',
    base_commit: 'a'.repeat(40),
    peacock_theme: themeOf(n - 1),
    visual_identifier: `■ ${agent}-${n}`,
    communication_endpoint: '',
  },
});

export const moved = (id: string, state: InstanceStateName, question?: string): EventDraft => ({
  type: 'instance.moved',
  data: { instance_id: id, state, source: 'hook', ...(question === undefined ? {} : { question }) },
});

export const task = (id: string, title: string, dependencies: readonly string[] = []): EventDraft => ({
  type: 'task.created',
  data: {
    done: false,
    task: {
      id,
      title,
      description: '',
      details: [],
      spec: null,
      group: null,
      requirements: [],
      acceptance_criteria: [],
      dependencies: [...dependencies],
      barrier: false,
      priority: 'normal',
      estimated_duration: null,
      complexity_score: 1,
      required_capabilities: [],
      check: null,
    },
  },
});

export const started = (id: string, instance: string, progress = 0): readonly EventDraft[] => [
  { type: 'task.assigned', data: { id, instance, pinned: false, reason: '' } },
  { type: 'run.started', data: { id, instance, branch: `feature/task-${id}`, start_commit: 'a'.repeat(40) } },
  { type: 'run.progressed', data: { id, progress, note: null } },
];

/** Three agents, of which two work, one on a task at 60 %. */
export const threeAgents: readonly EventDraft[] = [
  { type: 'daemon.started', data: { pid: 1, version: '0.1.0' } },
  created(1),
  created(2),
  created(3),
  moved('rehearsal-1', 'working'),
  moved('rehearsal-2', 'working'),
  moved('rehearsal-3', 'idle'),
  task('2.1', 'Parse the lines'),
  task('2.2', 'Write the grammar'),
  task('2.3', 'Join both', ['2.1', '2.2']),
  ...started('2.1', 'rehearsal-1', 60),
  ...started('2.2', 'rehearsal-2', 10),
];

export const reply = (changes: Partial<Reply> = {}): Reply => ({
  exit: 0,
  message: 'done',
  hint: null,
  text: changes.message ?? 'done',
  data: null,
  sideEffects: [],
  elapsedMs: 1,
  correlation: 'c1',
  confirm: null,
  ...changes,
});

export type FakeSwarm = SwarmClient & {
  readonly ran: { text: string; confirm?: string | undefined }[];
  apply(...drafts: EventDraft[]): void;
  setConnected(connected: boolean): void;
  answer: (text: string, confirm?: string) => Promise<Reply>;
};

/** A swarm without a daemon: `launch 3 instances …` creates three idle ones, everything else is answered by `answer`. */
export const fakeSwarm = (drafts: readonly EventDraft[] = []): FakeSwarm => {
  let state = stateOf(drafts);
  let connected = true;
  const listeners = new Set<() => void>();
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  const swarm: FakeSwarm = {
    ran: [],
    get state() {
      return state;
    },
    get connected() {
      return connected;
    },
    silentSince: null,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    run: async (text, options) => {
      swarm.ran.push({ text, confirm: options?.confirm });
      return swarm.answer(text, options?.confirm);
    },
    apply: (...more) => {
      state = stateOf(more, state);
      changed();
    },
    setConnected: (next) => {
      connected = next;
      changed();
    },
    answer: async (text) => {
      const count = Number(/^launch (?<count>\d+) instances/.exec(text)?.groups?.['count'] ?? 0);
      const next = Object.keys(state.instances).length + 1;
      const ids = Array.from({ length: count }, (_, i) => next + i);
      swarm.apply(...ids.flatMap((n) => [created(n), moved(`rehearsal-${n}`, 'idle')]));
      return reply({ message: count > 0 ? `launched ${count} instances` : `did ${text}` });
    },
  };
  return swarm;
};

/** Logs that a test writes: what is printed reaches whoever follows, now and later. */
export const fakeLogs = (size = { cols: 60, rows: 12 }) => {
  const printed = new Map<string, string>();
  const sinks = new Map<string, ScreenSink>();
  return {
    following: sinks,
    print: (id: string, text: string): void => {
      printed.set(id, (printed.get(id) ?? '') + text);
      void sinks.get(id)?.data(new TextEncoder().encode(text));
    },
    follow: (id: string, sink: ScreenSink) => {
      sinks.set(id, sink);
      sink.reset({ ...size, text: '' });
      void sink.data(new TextEncoder().encode(printed.get(id) ?? ''));
      return { close: () => void sinks.delete(id) };
    },
  };
};

/** So many agents. */
export const many = (count: number) => Array.from({ length: count }, (_, i) => created(i + 1));
