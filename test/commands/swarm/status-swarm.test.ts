import { expect, test } from 'vitest';
import type { Context } from '../../../src/commands/define.ts';
import { statusSwarm } from '../../../src/commands/swarm/status-swarm.ts';
import { createTask } from '../../../src/commands/tasks/create-task.ts';
import { runTask } from '../../../src/commands/tasks/run-task.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { partOf, personOf } from '../../helpers/context.ts';
import { openDesk } from '../../helpers/desk.ts';
import { created, instance, moved, requested, started, verified } from '../../tasks/journal.ts';

/** A repository without a plan. */
const PLACE: Partial<Context> = {
  resources: () => [],
  paths: partOf<Context['paths']>({ root: '/r' }),
  matching: async () => [],
};

const facts = [
  ...instance('a-1'),
  ...instance('a-2'),
  ...['1', '2', '3', '4', '5'].map((id) => created(id)),
  started('1', 'a-1'),
  verified('1'),
  started('2', 'a-1'),
  { type: 'run.progressed', data: { id: '2', progress: 40, note: 'writing' } } as const,
  moved('a-1', 'working'),
  moved('a-2', 'lost'),
  requested('3'),
  { type: 'task.cancelled', data: { id: '5' } } as const,
];

test('[MON-2] the status counts instances and tasks by state, and with "detailed" says what each agent is at', async () => {
  const desk = openDesk(statusSwarm, facts, { resources: () => [] });
  const { message, data } = await desk.say('status swarm');
  // What was cancelled is not to be done; the screen counts the same.
  expect(message).toMatch(
    /^Instances: 1 working, 1 lost\. Tasks: 1 of 4 done, 1 cancelled\..* 1 needs you: a-2 is lost.* → restart/u,
  );
  expect(data).toMatchObject({
    instances: { total: 2, working: 1, lost: 1 },
    tasks: { total: 5, done: 1, running: 1, queued: 1, ready: 1, cancelled: 1 },
    needs: [{ kind: 'lost', instance: 'a-2', help: 'restart instance a-2' }],
  });
  const { text } = await desk.say('status swarm detailed');
  expect(text).toMatch(/^a-1 +● working +2 /mu);
  expect(text).toMatch(/^2 +running +40% +a-1 +Title of 2$/mu);
  expect(text).toMatch(/^3 +queued .*\n4 +ready /mu);
});

test('[SEC-1] the status offers nobody what they are refused, and does not say that all is well for it', async () => {
  const ready = [...instance('a-1'), created('1')];
  const desk = openDesk([statusSwarm, runTask, createTask], ready, { resources: () => [] });
  const next = { kind: 'run', command: 'run all ready tasks' };
  expect(await desk.say('status swarm')).toMatchObject({
    message: expect.stringContaining('→ run all ready tasks'),
    data: { next: [next, { kind: 'create' }] },
  });
  const { message, data } = await desk.sayBy(personOf('ada', 'viewer'), 'status swarm');
  expect(message).toBe('Instances: 1 idle. Tasks: 0 of 1 done.');
  expect(data).toMatchObject({ needs: [], next: [] });
});

test('[SEC-1] the status says first to whoever may only look what to do about it', async () => {
  const desk = openDesk([statusSwarm, runTask, createTask], [...instance('a-1'), created('1')], {
    resources: () => [],
  });
  const doubt = 'Say it in a terminal that no agent could have opened.';
  const said = async (role: 'viewer' | 'operator'): Promise<string | undefined> =>
    (await desk.sayBy({ ...personOf('unknown', role), doubt }, 'status swarm')).message;
  expect(await said('viewer')).toMatch(
    /^You may only look\. Say it in a terminal that no agent could have opened\. Insta/u,
  );
  expect(await said('operator')).toMatch(/^Instances: /u);
});

test('all is not well while a task waits for ever, or finished work that was archived is not merged', async () => {
  const said = async (...drafts: readonly EventDraft[]): Promise<string | undefined> =>
    (await openDesk(statusSwarm, [...instance('a-1'), ...drafts], PLACE).say('status swarm')).message;
  const busy = [created('1'), started('1', 'a-1'), moved('a-1', 'working')];
  const waiting = [created('2'), created('3', { dependencies: ['2'] })];
  expect(await said(...busy)).toContain('All is well');
  expect(await said(...busy, ...waiting, { type: 'task.cancelled', data: { id: '2' } })).not.toContain('All is well');
  const done = await said(...busy, moved('a-1', 'idle'), verified('1'), {
    type: 'task.archived',
    data: { id: '1', archived: true },
  });
  expect(done).toContain('1 of 1 done');
  expect(done).toContain('1 task to merge, not reviewed → merge completed branches');
  expect(done).not.toContain('All is well');
});

test('all is not well while tasks wait for somebody to assign them, though everybody is busy', async () => {
  const said = async (...drafts: readonly EventDraft[]): Promise<string | undefined> => {
    const settings = settingsSchema.parse({ plan: { strategy: 'manual' } });
    const agents = partOf<Context['agents']>({ workers: async () => ['claude'] });
    return (await openDesk(statusSwarm, drafts, { settings, agents, resources: () => [] }).say('status swarm')).message;
  };
  const busy = [...instance('a-1'), created('1'), started('1', 'a-1'), moved('a-1', 'working')];
  expect(await said(...busy)).toContain('Tasks: 0 of 1 done. All is well.');
  const asked = await said(...busy, created('2'), created('3'), requested('2', '3'));
  expect(asked).toContain('Tasks: 0 of 3 done, 2 to assign.');
  expect(asked).not.toContain('All is well');
});

test('all is not well while the agents that are here may do none of a plan, and it is said who may', async () => {
  const pretends = instance('a-1').map((fact) =>
    fact.type === 'instance.created' ? { ...fact, data: { ...fact.data, takes_plans: false } } : fact,
  );
  const said = async (agent: string, ...workers: readonly string[]) => {
    const parts = {
      settings: settingsSchema.parse({ agent }),
      agents: partOf<Context['agents']>({ workers: async () => workers }),
      resources: () => [],
    };
    const { message } = await openDesk(statusSwarm, [...pretends, created('1', { spec: 'web' })], parts).say(
      'status swarm',
    );
    expect(message).not.toContain('All is well');
    return message;
  };
  expect(await said('rehearsal', 'codex', 'kiro')).toContain(
    'Next: 1 task of a plan ready, which waits for an agent that may do it → launch 1 instance agent=codex',
  );
  const trial = '1 task of a plan ready, which rehearsal agents only try in a copy → test swarm launch tasks="web"';
  expect(await said('rehearsal')).toContain(trial);
  expect(await said('claude')).toContain(trial);
});

test('the status says how far the batch is that is under way, as the screen does', async () => {
  const begun: EventDraft = {
    type: 'batch.started',
    data: { id: 'batch-1', target: 'drover/integration', base_commit: 'c0', tasks: ['1'] },
  };
  const waits: EventDraft = { type: 'batch.stepped', data: { id: 'batch-1', kind: 'wait', task: '1', gate: 'merge' } };
  const desk = openDesk(statusSwarm, [...facts, begun, waits], { resources: () => [] });
  expect((await desk.say('status swarm')).message).toContain(
    ' Tasks: 1 of 4 done, 1 cancelled. batch-1: merging 0/1 · 1 · waits for its turn; cancel integration batch-1 stops it.',
  );
});

test('the status tells of all that stands still until somebody does something, not of the first of it alone', async () => {
  const given: EventDraft[] = [created('3'), created('4', { dependencies: ['3'] }), requested('3', '4')];
  const paused: EventDraft[] = [
    { type: 'instance.pause_requested', data: { instance_id: 'a-1' } },
    { type: 'instance.paused', data: { instance_id: 'a-1', evidence: 'frozen' } },
  ];
  const facts = [...instance('a-1'), ...given, created('5'), requested('5'), ...paused];
  const desk = openDesk(statusSwarm, [...facts, { type: 'task.cancelled', data: { id: '3' } }], {
    resources: () => [],
  });
  expect((await desk.say('status swarm')).message).toMatch(
    / Next: 1 agent paused, 1 task waits for it → resume instance a-1; 4 waits for 3, which was cancelled → show task 4$/u,
  );
});
