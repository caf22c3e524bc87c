import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cycles, waves } from '../../../src/tasks/graph.ts';
import { makeEdges, needsOf } from '../../../src/tasks/order/edges.ts';
import type { Kind } from '../../../src/tasks/order/kind.ts';
import { addKiroOrder, type OrderLeaf } from '../../../src/tasks/order/kiro.ts';
import { orderOf } from '../../../src/tasks/order/order.ts';
import { parseTasks } from '../../../src/tasks/spec/spec-tasks.ts';
import { orderScore } from './order-score.ts';

type Recorded = { id: string; kind: string; files: string[]; wave: number | null };

/** Fifty real plans that have a graph of their own: what each leaf is for, and its wave there. */
const recorded = readFileSync(new URL('../../fixtures/kiro-waves.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => (JSON.parse(line) as { leaves: Recorded[] }).leaves);

const kindOf = ({ kind, id }: Recorded): Kind => {
  if (kind === 'checkpoint') return id.includes('.') ? 'work' : 'checkpoint';
  if (kind === 'exploration-test') return 'exploration';
  if (kind === 'preservation-test') return 'preservation';
  return /test$|^verify/u.test(kind) ? 'test' : 'work';
};

const leafOf = (leaf: Recorded): OrderLeaf => ({
  number: leaf.id,
  group: leaf.id.split('.')[0]!,
  kind: kindOf(leaf),
  namesFile: leaf.files.length > 0,
  isForAll: false,
  parallel: false,
});

test('[TSK-10] without their graphs at least 88 % of the ordered pairs of real plans are kept, at no longer chains', () => {
  const scores = recorded.map((leaves) => {
    const edges = makeEdges(leaves.map(({ id }) => id));
    addKiroOrder(edges, leaves.map(leafOf), { barrier: false, waves: true });
    return orderScore(needsOf(edges), new Map(leaves.flatMap(({ id, wave }) => (wave === null ? [] : [[id, wave]]))));
  });
  const sum = (count: (score: (typeof scores)[number]) => number) => scores.reduce((all, one) => all + count(one), 0);
  const kept = sum((one) => one.kept) / sum((one) => one.pairs);
  const chain = sum((one) => one.chain) / sum((one) => one.waves);
  const meanChain = sum((one) => one.chain / one.waves) / scores.length;
  expect(scores).toHaveLength(50);
  expect(kept).toBeGreaterThanOrEqual(0.88);
  expect(chain).toBeLessThanOrEqual(1.15);
  expect(meanChain).toBeLessThanOrEqual(1.15);
});

const rules = (text: string): Record<string, Record<string, string>> =>
  Object.fromEntries(
    [...orderOf(parseTasks(text), { policy: 'kiro', barrier: true }).edges].map(([id, needs]) => [
      id,
      Object.fromEntries(needs),
    ]),
  );

describe('the order of Kiro', () => {
  test('[TSK-10] groups are done in order, the tasks of a group together, and tests do not hold the next group up', () => {
    const text =
      '- [ ] 1. A\n  - [ ] 1.1 Build\n  - [ ] 1.2 Join\n  - [ ]* 1.3 Write unit tests\n- [ ] 2. B\n  - [ ] 2.1 Go on\n';
    expect(rules(text)).toEqual({
      '1.1': {},
      '1.2': {},
      '1.3': { '1.1': 'test', '1.2': 'test' },
      '2.1': { '1.1': 'group', '1.2': 'group' },
    });
  });

  test('[TSK-10] a checkpoint waits for everything before it, and everything after waits for it', () => {
    const text =
      '- [ ] 1. A\n  - [ ] 1.1 Build\n  - [ ]* 1.2 Write tests\n- [ ] 2. Checkpoint - Ensure all tests pass\n- [ ] 3. B\n';
    expect(rules(text)).toMatchObject({
      '2': { '1.1': 'checkpoint', '1.2': 'checkpoint' },
      '3': { '2': 'checkpoint' },
    });
  });

  test('[TSK-10] in a bugfix the tests that show the mistake come before the fix, and the verification behind it', () => {
    const text = [
      '- [ ] 1. Write bug condition exploration test',
      '- [ ] 2. Write preservation property tests (BEFORE implementing fix)',
      '- [ ] 3. Fix',
      '  - [ ] 3.1 Implement the fix',
      '  - [ ] 3.2 Verify bug condition exploration test now passes',
      '- [ ] 4. Checkpoint - Ensure all tests pass',
    ].join('\n');
    const needs = new Map(Object.entries(rules(text)).map(([id, found]) => [id, Object.keys(found)]));
    expect(waves(needs)).toEqual([['1', '2'], ['3.1'], ['3.2'], ['4']]);
    expect(rules(text)['3.1']).toEqual({ '1': 'bugfix', '2': 'bugfix' });
  });

  test('tests nested in the group of a fix come before it too, and a group of tests behind the tests before it', () => {
    const nested =
      '- [ ] 1. Set up\n- [ ] 2. Fix\n  - [ ] 2.1 Write bug condition exploration test\n  - [ ] 2.2 Mend it\n- [ ] 3. Write integration tests\n';
    expect(rules(nested)).toMatchObject({
      '2.2': { '1': 'group', '2.1': 'bugfix' },
      '3': { '2.1': 'test-group', '2.2': 'group' },
    });
  });

  test('a task that names no file waits for the first of its group that does, and for the rest of that wave', () => {
    const text = '- [ ] 1. A\n  - [ ] 1.1 Write `src/a.ts`\n  - [ ] 1.2 Use it\n  - [ ] 1.3 Write `src/b.ts`\n';
    expect(rules(text)).toEqual({ '1.1': {}, '1.2': { '1.1': 'no-file', '1.3': 'wave' }, '1.3': {} });
  });

  test('tasks for all requirements wait for what is before them; a plan that is one group has the next level for groups', () => {
    const text = '- [ ] 1. A\n- [ ] 2. B\n  - _Requirements: All requirements_\n- [ ] 3. C\n';
    expect(rules(text)['2']).toEqual({ '1': 'group' });
    const one = '- [ ] 1. All\n  - [ ] 1.1 A\n    - [ ] 1.1.1 a\n    - [ ] 1.1.2 b\n  - [ ] 1.2 B\n    - [ ] 1.2.1 c\n';
    expect(rules(one)).toEqual({ '1.1.1': {}, '1.1.2': {}, '1.2.1': { '1.1.1': 'group', '1.1.2': 'group' } });
  });

  test('tasks marked as parallel stand beside each other and others of their group in their order', () => {
    const text = '- [ ] 1. A\n  - [ ] 1.1 a\n  - [ ] 1.2 (P) b\n  - [ ] 1.3 (P) c\n- [ ] 2. (P) B\n- [ ] 3. (P) C\n';
    expect(rules(text)).toMatchObject({ '1.2': { '1.1': 'neighbour' }, '1.3': { '1.1': 'neighbour' } });
    expect(Object.keys(rules(text)['3']!)).not.toContain('2');
  });
});

test('[TSK-10] what tasks say comes first, and where most of them say it the policy speaks for the others alone', () => {
  expect(rules('- [ ] 1. A\n- [ ] 2. B (depends on 3)\n- [ ] 3. C\n- [ ] 4. D\n')).toEqual({
    '1': {},
    '2': { '3': 'said' },
    '3': { '1': 'group' },
    '4': { '2': 'group' },
  });
  const worded =
    '- [ ] 1. A\n  - Dependencies: None\n- [ ] 2. B\n  - Dependencies: None\n- [ ] 3. C\n  - Dependencies: 1\n- [ ] 4. Checkpoint\n';
  expect(orderOf(parseTasks(worded), { policy: 'kiro', barrier: true }).from).toBe('words');
  expect(rules(worded)).toEqual({
    '1': {},
    '2': {},
    '3': { '1': 'said' },
    '4': { '1': 'checkpoint', '2': 'checkpoint', '3': 'checkpoint' },
  });
});

const leaf = fc.record({
  kind: fc.constantFrom<Kind>('checkpoint', 'exploration', 'preservation', 'test', 'work'),
  namesFile: fc.boolean(),
  isForAll: fc.boolean(),
  parallel: fc.boolean(),
  group: fc.integer({ min: 0, max: 4 }),
});
const planned = fc
  .array(leaf, { maxLength: 14 })
  .map((leaves) =>
    leaves
      .toSorted((a, b) => a.group - b.group)
      .map((one, i): OrderLeaf => ({ ...one, number: `${i}`, group: `g${one.group}` })),
  );

test('[TSK-10] whatever a plan is like: rules point forward, checkpoints are barriers, and waves follow each other', () => {
  fc.assert(
    fc.property(planned, fc.boolean(), (leaves, barrier) => {
      const edges = makeEdges(leaves.map(({ number }) => number));
      addKiroOrder(edges, leaves, { barrier, waves: true });
      for (const [id, needs] of edges)
        for (const [need, rule] of needs) if (rule !== 'wave') expect(Number(need)).toBeLessThan(Number(id));
      const needs = needsOf(edges);
      expect(cycles(needs)).toEqual([]);
      const rounds = waves(needs);
      const waveOf = new Map(rounds.flatMap((wave, i) => wave.map((id) => [id, i])));
      for (const [at, { kind }] of leaves.entries()) {
        if (kind !== 'checkpoint') continue;
        const own = waveOf.get(`${at}`)!;
        for (const [id, wave] of waveOf) {
          if (Number(id) < at) expect(wave).toBeLessThan(own);
          if (Number(id) > at) expect(wave).toBeGreaterThan(own);
        }
      }
      for (const [i, wave] of rounds.entries())
        for (const id of wave) expect(needs.get(id)).toEqual(expect.arrayContaining(rounds[i - 1] ?? []));
    }),
    { numRuns: 500 },
  );
});
