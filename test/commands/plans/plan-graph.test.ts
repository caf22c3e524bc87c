import { expect, test } from 'vitest';
import { planGraph } from '../../../src/commands/plans/plan-graph.ts';
import { planFromSpec } from '../../../src/tasks/spec/import-spec.ts';
import { drawGraph } from '../../../src/text/graph/draw-graph.ts';
import type { GraphData } from '../../../src/text/graph/graph-data.ts';
import { openDesk } from '../../helpers/desk.ts';
import { created, imported, instance, requested, started } from '../../tasks/journal.ts';
import { source } from '../../tasks/source.ts';

const plan = [
  imported('demo', ['1', '2', '3']),
  created('1', { spec: 'demo', title: 'Set up' }, true),
  created('2', { spec: 'demo', dependencies: ['1'], dependency_rules: { group: ['1'] }, complexity_score: 3 }),
  created('3', { spec: 'demo', dependencies: ['1', '2'], dependency_rules: { said: ['2'] } }),
  created('other'),
];

test('[DST-1] the graph of a plan has its waves, its longest chain, and the rule of every edge', async () => {
  const { data, message } = await openDesk(planGraph, plan).say('plan graph demo');
  expect(message).toBe('demo: 3 tasks in 3 waves, 1 done, 3 dependencies; longest chain 2 → 3.');
  const { tasks, waves } = data as GraphData;
  expect(waves).toEqual([['1'], ['2'], ['3']]);
  expect(tasks.map(({ id, state, critical, needs }) => ({ id, state, critical, needs }))).toEqual([
    { id: '1', state: 'done', critical: false, needs: [] },
    { id: '2', state: 'ready', critical: true, needs: [{ id: '1', rule: 'group' }] },
    {
      id: '3',
      state: 'waiting',
      critical: true,
      needs: [
        { id: '1', rule: null },
        { id: '2', rule: 'said' },
      ],
    },
  ]);
});

test('[DST-1] drawn, each task has its state as a sign, the chain its star, and what it waits for its rule', async () => {
  const desk = openDesk(planGraph, [...plan, ...instance('c-1'), requested('2'), started('2', 'c-1')]);
  const { text } = await desk.say('plan graph demo');
  expect(text.split('\n').slice(3)).toEqual([
    '  1 ─  ✔ 1 Set up',
    '  2 ─ ★● 2 Title of 2  ← 1 (group)',
    '  3 ─ ★… 3 Title of 3  ← 1 (by hand), 2 (said)',
  ]);
});

test('what was cancelled is drawn where something waits for it for ever, which is on no chain of what is left', async () => {
  const cancelled = (id: string) => ({ type: 'task.cancelled', data: { id } }) as const;
  const desk = openDesk(planGraph, [...plan, cancelled('2'), cancelled('other')]);
  const { message, text } = await desk.say('plan graph');
  expect(message).toBe('all tasks: 3 tasks in 3 waves, 1 done, 3 dependencies; longest chain none.');
  expect(text.split('\n').slice(3)).toEqual([
    '  1 ─  ✔ 1 Set up',
    '  2 ─  ⊘ 2 Title of 2  ← 1 (group)',
    '  3 ─  … 3 Title of 3  ← 1 (by hand), 2 (said)',
  ]);
});

const facts = (ids: readonly string[], needsOf: (at: number) => readonly string[], done = 0) => [
  imported('big', ids),
  ...ids.map((id, at) =>
    created(
      id,
      {
        spec: 'big',
        title: `A rather long title of the task ${id}, as plans have them`,
        dependencies: [...needsOf(at)],
        dependency_rules: { wave: [...needsOf(at)] },
      },
      at < done,
    ),
  ),
];

const linesOf = async (drafts: ReturnType<typeof facts>, text: string): Promise<string[]> => {
  const desk = openDesk(planGraph, drafts);
  const reply = await desk.say(text);
  return reply.text.split('\n');
};

test('[DST-1] the 31 open tasks of the source plan are all drawn, each in its line', async () => {
  const { plans, done } = planFromSpec({ ...source, name: 'big', policy: 'kiro', barrier: true });
  const drafts = [
    imported(
      'big',
      plans.map(({ id }) => id),
    ),
    ...plans.map((task) => created(task.id, task, done.includes(task.id))),
  ];
  const lines = await linesOf(drafts, 'plan graph big');
  for (const { id } of plans) expect(lines.filter((line) => line.includes(` ${id} `)).length).toBeGreaterThan(0);
  expect(lines.join('\n')).not.toContain('Not every task is drawn');
  expect(lines.length).toBeLessThan(80);
});

test('[DST-1] at 80 columns every line of the source plan fits, with title, prerequisites and their whole rule', async () => {
  const { plans, done } = planFromSpec({ ...source, name: 'big', policy: 'kiro', barrier: true });
  const drafts = [
    imported(
      'big',
      plans.map(({ id }) => id),
    ),
    ...plans.map((task) => created(task.id, task, done.includes(task.id))),
  ];
  const { data, message } = await openDesk(planGraph, drafts).say('plan graph big');
  const lines = drawGraph(data as GraphData, { columns: 80, color: false }, message).split('\n');
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(lines.slice(0, lines.indexOf('')).join(' ')).toContain(message);
  for (const line of lines.filter((one) => one.includes('←')).slice(1))
    expect(line).toMatch(/← [^()]+ \([a-z-]+\)(?:, [^()]+ \([a-z-]+\))*(?:, \+\d+)?$/u);
  for (const { id, title } of plans) {
    const line = lines.find((one) => one.includes(`${id} `) && one.includes(title.slice(0, 18)));
    expect([id, line !== undefined]).toEqual([id, true]);
  }
});

test('[DST-1] of 300 tasks what does not fit is folded and counted, and detailed draws all', async () => {
  const ids = Array.from({ length: 300 }, (_, at) => String(at + 1));
  const wave = (at: number): readonly string[] =>
    at < 100 ? [] : ids.slice((Math.floor(at / 100) - 1) * 100, Math.floor(at / 100) * 100);
  const drafts = facts(ids, wave, 40);
  const lines = await linesOf(drafts, 'plan graph big');
  expect(lines.length).toBeLessThan(80);
  expect(lines.find((line) => line.includes(' more: '))).toMatch(/80 more: /u);
  expect(lines.filter((line) => line.includes('each ← wave 1 (wave)'))).toHaveLength(1);
  expect(lines.at(-1)).toContain('Not every task is drawn');
  const whole = await linesOf(drafts, 'plan graph big detailed');
  for (const id of ids) expect(whole.some((line) => line.includes(` ${id} `))).toBe(true);
});

test('[DST-1] of a long row of tasks the waves between the first and the last are folded', async () => {
  const ids = Array.from({ length: 300 }, (_, at) => String(at + 1));
  const lines = await linesOf(
    facts(ids, (at) => (at === 0 ? [] : [ids[at - 1]!])),
    'plan graph big',
  );
  expect(lines.join('\n')).toContain('⋮ 276 waves with 276 tasks: 276 waiting');
  expect(lines.length).toBeLessThan(40);
});

test('the drawing is as wide as the terminal, and a hostile title does nothing to it', async () => {
  const desk = openDesk(planGraph, [created('1', { title: '\u001B]0;mine\u0007\nsecond line\u001B[2J' })]);
  expect((await desk.say('plan graph')).text.split('\n').at(-1)).toBe(
    String.raw`  1 ─ ★◇ 1 \u001b]0;mine\u0007 ⏎ second line\u001b[2J`,
  );
});

test.each(['dot', 'mermaid', 'svg'])('--format %s answers with the document alone', async (format) => {
  const { text, data } = await openDesk(planGraph, plan).say(`plan graph demo format=${format}`);
  expect(text).toBe((data as GraphData).document);
  expect(text).toMatch(/^(?:digraph|flowchart|<svg)/u);
});

test('a plan that is not there is an error, and none at all is said', async () => {
  expect((await openDesk(planGraph, plan).say('plan graph dmeo')).exit).toBe(3);
  expect((await openDesk(planGraph).say('plan graph')).text).toBe(
    'all tasks: 0 tasks in 0 waves, 0 done, 0 dependencies; longest chain none.',
  );
});
