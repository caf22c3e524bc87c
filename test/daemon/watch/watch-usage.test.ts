import { appendFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { adapterFor } from '../../../src/agents/index.ts';
import { openUsageWatch } from '../../../src/daemon/watch/watch-usage.ts';
import { type EventDraft, emptyState, reduceAll, type State } from '../../../src/state/index.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { servicesWith } from '../../helpers/services.ts';
import { servicesOn } from '../../helpers/target.ts';
import { instanceCreated, numbered, taskCreated, timeOf } from '../../state/story.ts';

const SESSION = '71d20065-cd3a-42a3-9cb7-52d8d9dba036';

/** A state in which claude-1 works on t1, and a services around it whose clock is moved by hand. */
const openScene = (folder: string) => {
  const settings = settingsSchema.parse({ prices: { opus: { input: 1, output: 1 } } });
  let state: State = emptyState;
  const log: string[] = [];
  const facts: string[] = [];
  const scene = { seconds: 1000, fails: false };
  const happen = (drafts: readonly EventDraft[]): void => {
    facts.push(...drafts.map(({ type }) => type));
    state = reduceAll(state, numbered(drafts, state.seq + 1));
  };
  const stop = new AbortController();
  const services = servicesWith({
    ...servicesOn({ env: { HOME: folder }, paths: { home: '/home/ada', sandboxes: folder } }),
    settings,
    signal: stop.signal,
    now: () => timeOf(scene.seconds),
    adapterFor: (agent: string) => adapterFor(agent, settings),
    log: (line: string) => void log.push(line),
    store: {
      get state() {
        return state;
      },
    },
    decide: async (decided: (now: State) => readonly EventDraft[]) => {
      if (scene.fails) throw new Error('the disk is full');
      happen(decided(state));
      return [];
    },
  });
  const begin = (task: string, instance = 'claude-1'): void =>
    happen([
      { type: 'task.assigned', data: { id: task, instance, pinned: false, reason: '' } },
      { type: 'run.started', data: { id: task, instance, branch: 'b', start_commit: 'c' } },
      { type: 'instance.moved', data: { instance_id: instance, state: 'working', source: 'hook' } },
    ]);
  happen([
    instanceCreated('claude-1'),
    instanceCreated('rehearsal-1', 1),
    taskCreated('t1'),
    taskCreated('t2'),
    { type: 'instance.started', data: { instance_id: 'claude-1', session: 's', pane: '%1', pid: 1 } },
    { type: 'instance.conversed', data: { instance_id: 'claude-1', conversation: SESSION } },
  ]);
  const measured = (): number => facts.filter((type) => type === 'usage.measured').length;
  return { services, scene, happen, begin, log, measured, stop, usage: () => state.usage, seq: () => state.seq };
};

const answer = (id: string, output: number, at: string) =>
  `${JSON.stringify({
    type: 'assistant',
    timestamp: at,
    isSidechain: id.startsWith('s'),
    message: { id, model: 'opus', usage: { input_tokens: 1000, output_tokens: output } },
  })}\n`;

const place = (folder: string) => {
  const transcript = join(folder, 'p', `${SESSION}.jsonl`);
  mkdirSync(join(folder, 'p', SESSION, 'subagents'), { recursive: true });
  return { transcript, helper: join(folder, 'p', SESSION, 'subagents', 'agent-a1.jsonl') };
};
const said = (transcript_path: string) => ({ hook_event_name: 'Stop', session_id: SESSION, transcript_path });

test('what a transcript says is divided among the tasks by its times, and a turn that goes on is told of now and then', async () => {
  using folder = temporaryFolder('usage');
  const { transcript, helper } = place(folder.path);
  const { services, scene, happen, begin, usage, measured, seq } = openScene(folder.path);
  const watch = openUsageWatch(services);
  await watch.look();
  await watch.noteMessage('claude-1', said(transcript));
  begin('t1');
  const first = seq();
  appendFileSync(transcript, answer('m1', 40, timeOf(first)));
  await watch.look();
  expect([measured(), usage().tasks['t1']?.output_tokens]).toEqual([1, 40]);
  // So soon afterwards it is not told of.
  appendFileSync(transcript, answer('m2', 40, timeOf(first)));
  scene.seconds += 10;
  await watch.look();
  expect(measured()).toBe(1);
  // It finishes, and has the next task before anybody looked; the last words of the first one come late.
  happen([
    { type: 'run.claimed', data: { id: 't1', summary: null } },
    { type: 'run.failed', data: { id: 't1', failure: { class: 'check', message: '' } } },
  ]);
  const between = seq();
  begin('t2');
  appendFileSync(helper, answer('s1', 2, timeOf(between)));
  appendFileSync(transcript, answer('m3', 5, timeOf(seq())) + answer('m4', 1, 'no time'));
  scene.seconds += 10;
  await watch.look();
  expect(usage().tasks).toMatchObject({
    t1: { output_tokens: 82, input_tokens: 3000, usd: 0.003082 },
    t2: { output_tokens: 6, input_tokens: 2000 },
  });
  const sum = { output_tokens: 88, input_tokens: 5000, usd: 0.005088, unpriced_tokens: 0 };
  expect(usage().instances['claude-1']).toMatchObject({ ...sum, context: { used_tokens: 1001 } });
  expect(usage().swarm).toMatchObject(sum);
});

test('a new daemon counts nothing twice, and what is new goes to the task of its time', async () => {
  using folder = temporaryFolder('usage');
  const { transcript } = place(folder.path);
  const { services, begin, usage, happen, seq } = openScene(folder.path);
  begin('t1');
  writeFileSync(transcript, answer('m1', 40, timeOf(seq())));
  const before = openUsageWatch(services);
  await before.noteMessage('claude-1', said(transcript));
  await before.look();
  happen([{ type: 'run.failed', data: { id: 't1', failure: { class: 'check', message: '' } } }]);
  begin('t2');
  appendFileSync(transcript, answer('m2', 5, timeOf(seq())));
  const next = openUsageWatch(services);
  await next.noteMessage('claude-1', said(transcript));
  await next.look();
  expect([usage().tasks['t1']!.output_tokens, usage().tasks['t2']!.output_tokens]).toEqual([40, 5]);
  // The file is written anew, shorter: what was used stays used, and what comes is added when it is more.
  writeFileSync(`${transcript}.new`, answer('m2', 5, timeOf(seq())));
  renameSync(`${transcript}.new`, transcript);
  happen([{ type: 'instance.moved', data: { instance_id: 'claude-1', state: 'idle', source: 'hook' } }]);
  await next.look();
  expect(usage().swarm.output_tokens).toBe(45);
});

test('the last words of a program that has ended are read, then nothing more of it', async () => {
  using folder = temporaryFolder('usage');
  const { transcript } = place(folder.path);
  const { services, usage, happen } = openScene(folder.path);
  const watch = openUsageWatch(services);
  await watch.noteMessage('claude-1', said(transcript));
  happen([{ type: 'instance.moved', data: { instance_id: 'claude-1', state: 'failed', source: 'terminal' } }]);
  writeFileSync(transcript, answer('m1', 40, ''));
  for (let n = 0; n < 4; n += 1) await watch.look();
  expect(usage().swarm.output_tokens).toBe(40);
  appendFileSync(transcript, answer('m2', 40, ''));
  await watch.look();
  expect(usage().swarm.output_tokens).toBe(40);
  happen([{ type: 'instance.removed', data: { instance_id: 'claude-1' } }]);
  await watch.look();
  await watch.noteMessage('claude-1', said(transcript));
  expect(usage().instances).toEqual({});
});

test('what an agent tells by itself belongs to the task that it is at work on', async () => {
  using folder = temporaryFolder('usage');
  const { services, usage, begin, seq } = openScene(folder.path);
  const watch = openUsageWatch(services);
  const told = (input_tokens: number) => ({
    hook_event_name: 'Usage',
    session_id: 'c',
    models: { opus: { input_tokens } },
    turns: 1,
  });
  await watch.noteMessage('rehearsal-1', told(5));
  begin('t2', 'rehearsal-1');
  await watch.noteMessage('rehearsal-1', told(12));
  await watch.noteMessage('gone-1', told(12));
  expect([usage().swarm.input_tokens, usage().tasks['t2']!.input_tokens]).toEqual([12, 7]);
  // Found out while the next task had begun, about the time of the one before it, and about a time before any.
  const during = timeOf(seq());
  begin('t1', 'rehearsal-1');
  await watch.noteMessage('rehearsal-1', { ...told(20), at: during });
  await watch.noteMessage('rehearsal-1', { ...told(21), at: '2000-01-01T00:00:00.000Z' });
  expect([usage().swarm.input_tokens, usage().tasks['t2']!.input_tokens, usage().tasks['t1']]).toEqual([
    21,
    15,
    undefined,
  ]);
});

test('a failure is told in the log, and the next look makes it good', async () => {
  using folder = temporaryFolder('usage');
  const { transcript } = place(folder.path);
  const { services, scene, log, usage, stop } = openScene(folder.path);
  const watch = openUsageWatch(services);
  await watch.noteMessage('claude-1', said(transcript));
  writeFileSync(transcript, answer('m1', 40, ''));
  scene.fails = true;
  const watching = watch.watch();
  await vi.waitUntil(() => log.length > 0);
  expect(log[0]).toBe('reading what agents use failed: the disk is full');
  scene.fails = false;
  await vi.waitUntil(() => usage().swarm.output_tokens === 40);
  stop.abort();
  await watching;
});

test('[SEC-9] what an agent in a sandbox uses is counted by its own file, and by no other that it names', async () => {
  using folder = temporaryFolder('usage');
  const swarm = openScene(folder.path);
  const place = { session: 's', pane: '%1', pid: 1, sandbox: 'worktree' } as const;
  swarm.happen([{ type: 'instance.started', data: { instance_id: 'claude-1', ...place } }]);
  swarm.begin('t1');
  const theirs = join(folder.path, 'theirs.jsonl');
  const own = join(folder.path, 'claude-1/home/.claude');
  mkdirSync(own, { recursive: true });
  for (const [file, output] of [
    [theirs, 5000],
    [join(own, 'mine.jsonl'), 70],
  ] as const)
    writeFileSync(file, answer('m1', output, timeOf(30)));
  const usage = openUsageWatch(swarm.services);
  for (const path of [theirs, '/home/ada/../../theirs.jsonl', '/home/ada/.claude/mine.jsonl']) {
    await usage.noteMessage('claude-1', said(path));
    await usage.look();
  }
  const [counted] = Object.values(swarm.usage().conversations);
  expect(counted?.models['opus']?.output_tokens).toBe(70);
});
