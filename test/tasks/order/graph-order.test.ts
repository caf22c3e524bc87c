import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cycles, waves } from '../../../src/tasks/graph.ts';
import { needsOf } from '../../../src/tasks/order/edges.ts';
import { readWaves } from '../../../src/tasks/order/graph-order.ts';
import { orderOf } from '../../../src/tasks/order/order.ts';
import { lintSpec } from '../../../src/tasks/spec/lint.ts';
import { parseTasks } from '../../../src/tasks/spec/spec-tasks.ts';
import { tickDone } from '../../../src/tasks/spec/tick.ts';
import { orderScore } from './order-score.ts';

const withGraph = (text: string, rounds: readonly (readonly string[])[]): string =>
  `${text}\n## Task Dependency Graph\n\n\`\`\`json\n${JSON.stringify({ waves: rounds.map((tasks, id) => ({ id, tasks })) }, null, 2)}\n\`\`\`\n`;
const order = (text: string, policy: 'kiro' | 'none' | 'siblings' = 'kiro') =>
  orderOf(parseTasks(text), { policy, barrier: true });
const needs = (text: string) => Object.fromEntries(needsOf(order(text).edges));

const PLAN =
  '- [ ] 1. A\n  - [ ] 1.1 Build\n  - [ ]* 1.2 Test\n- [ ] 2. Checkpoint\n- [ ] 3. B\n- [ ] 4. Final checkpoint\n';

test('[TSK-10] a wave waits for the wave before it, a parent means its leaves, and checkpoints stand between', () => {
  const text = withGraph(PLAN, [['1'], ['3']]);
  expect(order(text).from).toBe('graph');
  expect(needs(text)).toEqual({ '1.1': [], '1.2': [], '2': ['1.1', '1.2'], '3': ['1.1', '1.2', '2'], '4': ['2', '3'] });
  const { edges } = order(text);
  expect(Object.fromEntries(edges.get('3')!)).toEqual({ '1.1': 'graph', '1.2': 'graph', '2': 'between' });
  expect(Object.fromEntries(edges.get('4')!)).toEqual({ '2': 'between', '3': 'between' });
});

test('[TSK-10] a parent beside one of its leaves means the others', () => {
  const { waveOf } = readWaves(
    { line: 1, waves: [['1.2'], ['1']] },
    parseTasks(PLAN).tasks.filter((task) => task.leaf),
  );
  expect([...waveOf]).toEqual([
    ['1.2', 0],
    ['1.1', 1],
  ]);
});

test('[TSK-10] a task beside the wave of those before a checkpoint does not wait for it', () => {
  expect(needs(withGraph(PLAN, [['1.1'], ['1.2', '3']]))).toMatchObject({
    '2': ['1.1', '1.2'],
    '3': ['1.1'],
    '4': ['2', '3'],
  });
});

test('[TSK-10] a task that the graph forgets comes behind its group, and holds up the next checkpoint alone', () => {
  const text = withGraph(PLAN, [['1.1'], ['3']]);
  expect(needs(text)).toMatchObject({ '1.2': ['1.1'], '2': ['1.1', '1.2'], '3': ['1.1', '2'] });
});

test('[TSK-10] siblings and strict leave the graph alone, and none keeps it', () => {
  const text = withGraph(PLAN, [['3'], ['1']]);
  expect(order(text, 'none').from).toBe('graph');
  expect(order(text, 'siblings').from).toBe('siblings');
});

test('[TSK-10] what a graph contradicts or forgets is said by lint, and what tasks say beside it counts', () => {
  const text = withGraph('- [ ] 1. A\n  - _Depends: 2_\n- [ ] 2. B\n- [ ] 3. C\n  - _Depends: 2_\n- [ ] 4. D\n', [
    ['1', '7'],
    ['2', '3', '1'],
  ]);
  expect(Object.fromEntries(order(text).edges.get('3')!)).toEqual({ '1': 'graph', '2': 'said' });
  const findings = lintSpec({ tasksText: text, tasksFile: 'tasks.md', requirementsFile: 'r' });
  expect(findings.map(({ id, severity, line }) => `${line} ${severity} ${id}`)).toEqual([
    '1 warning graph-contradiction:1:2',
    '10 warning graph-task:repeated',
    '10 warning graph-task:unknown',
    '10 warning graph-gap:all',
  ]);
  expect(findings[0]?.message).toBe('task 1 says that it depends on 2, and the graph has 2 later: the graph counts');
  expect(findings[3]?.message).toBe('the graph has no wave for 4: they come behind their groups');
});

test('[TSK-10] ticking leaves the graph alone byte for byte', () => {
  const text = withGraph(PLAN, [['1.1'], ['1.2', '3']]);
  const ticked = tickDone(text, [{ number: '1.1', title: 'Build' }]).text;
  const from = (whole: string) => whole.slice(whole.indexOf('## Task Dependency'));
  expect(from(ticked)).toBe(from(text));
  expect([...ticked].filter((character, i) => character !== text[i])).toEqual(['x']);
});

const leaves = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 3 }), fc.option(fc.integer({ min: 0, max: 4 })), fc.boolean()),
  {
    maxLength: 12,
  },
);

test('[TSK-10] whatever the graph: all of its ordered pairs are kept, at its own length, and nothing goes in circles', () => {
  fc.assert(
    fc.property(leaves, fc.array(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 4 }), (entries, said) => {
      const numbers = entries.map(([group], i) => `${group}.${i}`);
      const body = entries.map(([, , isCheckpoint], i) => {
        const depends = said.filter(([from, to]) => from === i && to < i).map(([, to]) => numbers[to]);
        const title = isCheckpoint ? 'Checkpoint' : 'Build';
        return `- [ ] ${numbers[i]} ${title}\n${depends.length > 0 ? `  - _Depends: ${depends.join(', ')}_\n` : ''}`;
      });
      const rounds = [0, 1, 2, 3, 4].map((wave) => numbers.filter((_, i) => entries[i]![1] === wave));
      const plan = parseTasks(withGraph(body.join(''), rounds));
      const edges = needsOf(orderOf(plan, { policy: 'kiro', barrier: true }).edges);
      expect(cycles(edges)).toEqual([]);
      const waveOf = new Map(rounds.flatMap((wave, i) => wave.map((number) => [number, i])));
      const { pairs, kept, chain, waves: count } = orderScore(edges, waveOf);
      expect(kept).toBe(pairs);
      if (said.length === 0) expect(chain).toBe(count);
      expect(waves(edges).flat()).toHaveLength(numbers.length);
    }),
    { numRuns: 500 },
  );
});
