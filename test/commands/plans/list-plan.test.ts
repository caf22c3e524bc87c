import { expect, test } from 'vitest';
import { listPlan } from '../../../src/commands/plans/list-plan.ts';
import { openDesk } from '../../helpers/desk.ts';
import { created, imported, started, unchecked } from '../../tasks/journal.ts';

const plan = [imported('demo', ['1', '2']), created('1', { spec: 'demo' }, true), created('2', { spec: 'demo' })];

test('plans are listed with how far each is', async () => {
  const { message, data, text } = await openDesk(listPlan, plan).say('list plans');
  expect(message).toBe('1 plan.');
  expect(data).toMatchObject([{ name: 'demo', total: 2, done: 1, open: 1, failed: 0 }]);
  expect(text).toMatch(/^demo +1\/2 +0 +0 +1 +siblings +\/repo\/spec$/m);
});

test('a task that was cancelled is counted beside those to be done', async () => {
  const cancelled = [...plan, { type: 'task.cancelled', data: { id: '2' } } as const];
  const { data, text } = await openDesk(listPlan, cancelled).say('list plans');
  expect(data).toMatchObject([{ total: 1, done: 1, cancelled: 1, archived: 0 }]);
  expect(text).toMatch(/^demo +1\/1, 1 cancelled +0/m);
});

test('what is done and no check has looked at is counted apart', async () => {
  const { data, text } = await openDesk(listPlan, [...plan, started('2', 'a'), unchecked('2')]).say('list plans');
  expect(data).toMatchObject([{ total: 2, done: 2, unchecked: 1 }]);
  expect(text).toMatch(/^demo +2\/2 \(1 unchecked\) +0/m);
});

test('without a plan the list says how to get one, and a limit below one is refused', async () => {
  expect((await openDesk(listPlan).say('list plans')).text).toBe('No plan. Import one: import spec PATH');
  expect((await openDesk(listPlan, plan).say('list plans limit=0')).exit).toBe(2);
});

test('with detailed each plan has its tasks and its file in full', async () => {
  const { text } = await openDesk(listPlan, plan).say('list plans detailed');
  expect(text).toMatch(/^demo .*\n {4}file: \/repo\/spec\n(?: {4}.*\n)* {4}tasks: 1, 2$/mu);
});
