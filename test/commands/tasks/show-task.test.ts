import { expect, test } from 'vitest';
import { showTask } from '../../../src/commands/tasks/show-task.ts';
import { complexityScore } from '../../../src/tasks/estimate.ts';
import { openDesk } from '../../helpers/desk.ts';
import { created } from '../../tasks/journal.ts';

test('[TSK-10] very many tasks that one waits for are told as their gate, and folded', async () => {
  const gate = 'gate:1';
  const many = Array.from({ length: 300 }, (_, i) => created(`t${i + 1}`, { opens: [gate] }));
  const last = created('t999', { dependencies: [gate], dependency_rules: { barrier: [gate] } });
  const { text } = await openDesk(showTask, [...many, last]).say('show task t999');
  expect(text).toMatch(/^after: +t1–t300 \(300 tasks\) \(barrier\)$/mu);
  expect(text).not.toContain('gate:');
  expect(text).toMatch(/^waits for:\n- t1 [^\n]*\n(?:- t\d+ [^\n]*\n){19}- and 280 more$/mu);
});

test('tasks that wait for one are named until there are very many', async () => {
  const many = Array.from({ length: 30 }, (_, i) => created(`t${i + 1}`, { dependencies: ['t0'] }));
  const { text } = await openDesk(showTask, [created('t0'), ...many]).say('show task t0');
  expect(text).toMatch(/^before: +t1, .*t20 and 10 more$/mu);
});

test('[TSK-3] the weight of a task says what it is made of, or that somebody said it', async () => {
  const own = { title: 'Build the parser', details: ['for lines', 'for words'], requirements: ['1.1'] };
  const weigh = async (complexity_score: number) => {
    const { text, data } = await openDesk(showTask, [created('t1', { ...own, complexity_score })]).say('show task t1');
    return [/^weight: +(?<weight>.*)$/mu.exec(text)?.groups?.['weight'], (data as { weight: unknown }).weight];
  };
  expect(await weigh(complexityScore(own))).toEqual([
    '3 of 10 by its text (7 words, 2 points, 1 requirement)',
    { basis: 'text', words: 7, details: 2, requirements: 1 },
  ]);
  expect(await weigh(complexityScore({ ...own, allRequirements: true }))).toEqual([
    expect.stringContaining('10 requirements'),
    { basis: 'text', words: 7, details: 2, requirements: 10 },
  ]);
  expect((await weigh(9))[0]).toBe('9 of 10 as said');
});
