import { expect, test } from 'vitest';
import { showPlan } from '../../../src/commands/plans/show-plan.ts';
import { openDesk } from '../../helpers/desk.ts';
import { created, imported, started, unchecked } from '../../tasks/journal.ts';

const plan = [imported('demo', ['1', '2']), created('1', { spec: 'demo' }, true), created('2', { spec: 'demo' })];

test('a plan is shown with its tasks in order and how far each is', async () => {
  const { message, data, text } = await openDesk(showPlan, plan).say('show plan demo');
  expect(message).toBe('demo: 1 of 2 done.');
  expect(data).toMatchObject({
    policy: 'siblings',
    rows: [
      { id: '1', word: 'done' },
      { id: '2', word: 'ready' },
    ],
  });
  expect(text).toMatch(/^demo: 1 of 2 done, policy siblings, from \/repo\/spec\nTASK[\s\S]*^2 +ready/m);
});

test('a task that was cancelled is counted beside those to be done', async () => {
  const cancelled = [...plan, { type: 'task.cancelled', data: { id: '2' } } as const];
  const { message } = await openDesk(showPlan, cancelled).say('show plan demo');
  expect(message).toBe('demo: 1 of 1 done, 1 cancelled.');
});

test('what is done and no check has looked at is counted apart', async () => {
  const { message } = await openDesk(showPlan, [...plan, started('2', 'a'), unchecked('2')]).say('show plan demo');
  expect(message).toBe('demo: 2 of 2 done (1 unchecked).');
});

test('a plan that is not there is an error that names the nearest one', async () => {
  expect(await openDesk(showPlan, plan).say('show plan dmeo')).toMatchObject({
    exit: 3,
    hint: 'Did you mean demo? Known: demo.',
  });
});
