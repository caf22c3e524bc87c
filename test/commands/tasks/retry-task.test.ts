import { expect, test } from 'vitest';
import { retryTask } from '../../../src/commands/tasks/retry-task.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { openDesk } from '../../helpers/desk.ts';
import { assigned, created, failed, instance, moved, started } from '../../tasks/journal.ts';

const facts = (...more: readonly EventDraft[]): readonly EventDraft[] => [
  ...[...instance('a-1'), created('t1'), created('t2', { dependencies: ['t1'] })],
  ...[started('t1', 'a-1'), failed('t1'), started('t2', 'a-1'), failed('t2')],
  ...more,
];
const retried = async (line: string, ...more: readonly EventDraft[]) =>
  (await openDesk(retryTask, facts(...more), { settings: settingsSchema.parse({}) }).say(line)).message;

test('what is tried again begins only where something does: that it does not is said with the reason', async () => {
  expect(await retried('retry task t1')).toBe('Retrying t1.');
  expect(await retried('retry task t2')).toBe('t2 does not begin: it waits for t1 (failed).');
  expect(await retried('retry tasks t1, t2')).toBe('Retrying t1, t2.');
  expect(await retried('retry task t1', { type: 'swarm.paused', data: {} })).toBe(
    'The swarm is paused: t1 begins after "resume swarm".',
  );
});

test('a task that was assigned by hand stays with its instance when it is tried again, or it is said why not', async () => {
  const given = [...instance('a-1'), ...instance('a-2'), created('t1'), assigned('t1', 'a-1', true)];
  const retry = async (line: string, ...more: readonly EventDraft[]) => {
    const all = [...given, started('t1', 'a-1'), failed('t1'), ...more];
    const desk = openDesk(retryTask, all, {
      settings: settingsSchema.parse({}),
      agents: { assertStartable: async () => undefined } as never,
    });
    const { message } = await desk.say(line);
    const { state, assignee, pinned } = desk.state.tasks['t1']!;
    return [message, state, assignee, assignee === null || pinned];
  };
  expect(await retry('retry task t1')).toEqual(['Retrying t1.', 'assigned', 'a-1', true]);
  expect(await retry('retry task t1', moved('a-1', 'stopped'))).toEqual([
    'Retrying t1. t1 was given to a-1, which is stopped: another one takes it.',
    ...['open', null, true],
  ]);
  expect((await retry('retry task t1 agent=claude'))[0]).toContain(
    't1 was given to a-1, which runs rehearsal: another one takes it.',
  );
});

test('what was imported is not retried where only agents that pretend to work would do it, as it is not run', async () => {
  const pretender = instance('a-1').map((fact) =>
    fact.type === 'instance.created' ? { ...fact, data: { ...fact.data, takes_plans: false } } : fact,
  );
  const settings = settingsSchema.parse({ agent: 'rehearsal' });
  const parts = { settings, agents: { workers: async () => [] } as never };
  const desk = openDesk(retryTask, [...pretender, created('t1', { imported: true }), created('t2')], parts);
  expect(await desk.say('retry task t1')).toMatchObject({
    exit: 6,
    message: 'rehearsal only pretends to work, and t1 was imported: it would be called done without being done.',
  });
  // What was never run is no second try.
  expect(await desk.say('retry task t2')).toMatchObject({ exit: 0, message: 'Running t2.' });
  const real = openDesk(retryTask, [...instance('a-1'), created('t1', { imported: true })], { settings });
  expect(await real.say('retry task t1')).toMatchObject({ exit: 0 });
});
