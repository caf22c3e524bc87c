import { expect, test } from 'vitest';
import { notInstalled } from '../../../src/agents/errors.ts';
import type { Context } from '../../../src/commands/define.ts';
import { previewCommand } from '../../../src/commands/help/preview-command.ts';
import { launchInstance } from '../../../src/commands/instances/launch-instance.ts';
import { runTask } from '../../../src/commands/tasks/run-task.ts';
import { adviceOf } from '../../../src/lib/errors.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { partOf } from '../../helpers/context.ts';
import { openDesk } from '../../helpers/desk.ts';
import { planOf, taskCreated } from '../../state/story.ts';

const done: EventDraft = { type: 'task.created', data: { task: planOf('1'), done: true } };

test('a preview of running all tasks names those that would be run, and none that is done', async () => {
  const desk = openDesk([previewCommand, runTask], [done, taskCreated('2'), taskCreated('3', { dependencies: ['2'] })]);
  expect((await desk.say('preview run all tasks')).data).toMatchObject({ targets: ['2', '3'] });
  const refused = await desk.say('run task 1');
  expect(await desk.say('preview run task 1')).toMatchObject({ exit: refused.exit, message: refused.message });
  const started = { id: '2', instance: 'rehearsal-1', branch: 'feature/2', start_commit: 'c0' };
  desk.add({ type: 'run.started', data: started });
  expect((await desk.say('preview run failed tasks')).data).toMatchObject({ targets: [] });
  expect((await desk.say('run failed tasks')).exit).toBe(6);
  const nothing = await openDesk([previewCommand, runTask], [done]).say('preview run all tasks');
  expect(nothing.data).toMatchObject({ targets: [] });
});

test('a preview of a launch says that the program of the agent is not here', async () => {
  const missing = notInstalled({ agent: 'claude', program: 'claude', install: 'Install it.', others: ['codex'] });
  const agents = partOf<Context['agents']>({
    assertStartable: async (agent) => (agent === 'claude' ? Promise.reject(missing) : undefined),
    firstQuestion: async () => null,
  });
  const desk = openDesk([previewCommand, launchInstance], [], { agents });
  const noticeOf = async (agent: string) =>
    ((await desk.say(`preview launch 1 instance agent=${agent}`)).data as { notice: string | null }).notice;
  expect(await noticeOf('claude')).toBe(adviceOf(missing));
  expect(await noticeOf('rehearsal')).toBeNull();
});

test('a preview of a launch says what the agents will ask first, and the one command that answers all', async () => {
  const noticeOf = async (question: 'greeting' | 'trust' | null) => {
    const agents = {
      found: async () => [],
      assertStartable: async () => undefined,
      workers: async () => [],
      assertRoom: async () => undefined,
      firstQuestion: async () => question,
    };
    const desk = openDesk([previewCommand, launchInstance], [], { agents });
    const { data, message } = await desk.say('preview launch 2 instances agent=rehearsal');
    const { notice } = data as { notice: string | null };
    expect(message?.includes(`note: ${notice}`)).toBe(notice !== null);
    return notice;
  };
  expect(await noticeOf(null)).toBeNull();
  expect(await noticeOf('trust')).toBe(
    '2 agents will ask at the start whether you trust this repository. To say yes to all: approve rehearsal-1, rehearsal-2',
  );
  expect(await noticeOf('greeting')).toContain('Start it once by hand before.');
});
