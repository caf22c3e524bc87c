import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { POLICIES } from '../../../src/state/specs.ts';
import { criticalPath, cycles, waves } from '../../../src/tasks/graph.ts';
import { countEdges, needsOf } from '../../../src/tasks/order/edges.ts';
import { type OrderOptions, orderOf } from '../../../src/tasks/order/order.ts';
import { parseTasks } from '../../../src/tasks/spec/spec-tasks.ts';
import { tasksText } from '../source.ts';

const needsIn = (text: string, options: OrderOptions) => needsOf(orderOf(parseTasks(text), options).edges);
const edgesOf = (text: string, options: Partial<OrderOptions> = {}) =>
  Object.fromEntries(needsIn(text, { policy: 'siblings', barrier: true, ...options }));

describe('the real plan', () => {
  const plan = parseTasks(tasksText);
  const done = ['1', '2.1'];
  const sizes = (options: OrderOptions) => {
    const { edges } = orderOf(plan, options);
    return { edges: countEdges(edges), waves: waves(needsOf(edges), done).map((wave) => wave.length) };
  };

  test.each([
    ['siblings', false, 17, [15, 14, 1, 1]],
    ['siblings', true, 133, [13, 12, 1, 1, 2, 2]],
    ['strict', false, 32, Array.from({ length: 31 }, () => 1)],
    ['none', false, 0, [31]],
    ['none', true, 116, [27, 4]],
  ] as const)(
    '[TSK-5] under %s with barrier %s has %d dependencies among all tasks, and its open ones these waves',
    (policy, barrier, edges, rounds) => {
      expect(sizes({ policy, barrier })).toEqual({ edges, waves: rounds });
    },
  );

  test('[TSK-5] begins with these tasks, and its longest chain is in group 3', () => {
    const edges = needsIn(tasksText, { policy: 'siblings', barrier: true });
    expect(waves(edges, done)[0]).toEqual([
      '2.2',
      '3.1',
      '4.1',
      '5.1',
      '6.1',
      '7.1',
      '8.1',
      '9.1',
      '10.1',
      '11.1',
      '12.1',
      '14.1',
      '15.1',
    ]);
    expect(criticalPath(edges, () => 1).path).toEqual(['3.1', '3.2', '3.3', '3.4', '13.1', '13.2']);
  });

  test('strict order with a barrier puts the tasks for all requirements last instead of going in circles', () => {
    const edges = needsIn(tasksText, { policy: 'strict', barrier: true });
    expect(cycles(edges)).toEqual([]);
    expect(waves(edges).flat().slice(-4)).toEqual(['13.1', '13.2', '16.1', '16.2']);
  });
});

test('the order in a group runs through all its levels', () => {
  const text = '- [ ] 1. A\n- [ ] 1.1 B\n- [ ] 1.1.1 C\n- [ ] 1.1.2 D\n- [ ] 1.2 E\n- [ ] 2. F\n';
  expect(edgesOf(text)).toEqual({ '1.1.1': [], '1.1.2': ['1.1.1'], '1.2': ['1.1.2'], '2': [] });
});

test('tasks marked as parallel run beside each other', () => {
  const text = '- [ ] 1.1 A\n- [ ] 1.2 (P) B\n- [ ] 1.3 (P) C\n- [ ] 1.4 D\n- [ ] 1.5 E\n';
  expect(edgesOf(text)).toEqual({ '1.1': [], '1.2': ['1.1'], '1.3': ['1.1'], '1.4': ['1.2', '1.3'], '1.5': ['1.4'] });
  expect(edgesOf(text, { policy: 'strict' })['1.3']).toEqual(['1.2']);
});

test('what the plan says itself always counts; a group stands for its tasks', () => {
  const text =
    '- [ ] 1. A\n- [ ] 1.1 B\n- [ ] 1.2 C\n- [ ] 2. D\n  - _Depends: 1, 2_\n- [ ] 2.1 E\n  - _Depends: 2, 9_\n- [ ] 3. F\n  - _Depends: 3_\n';
  expect(edgesOf(text, { policy: 'none' })).toEqual({
    '1.1': [],
    '1.2': [],
    '2.1': ['1.1', '1.2', '9'],
    '3': ['3'],
  });
});

test('what waits for a barrier by the plan’s own word is not waited for by it', () => {
  const text =
    '- [ ] 1. All\n  - _Requirements: All requirements_\n- [ ] 2.1 After\n  - _Depends: 1_\n- [ ] 2.2 Later\n- [ ] 3. Other\n';
  expect(edgesOf(text)).toEqual({ '1': ['3'], '2.1': ['1'], '2.2': ['2.1'], '3': [] });
});

test('rules of ours never make tasks wait for each other', () => {
  const line = fc.constantFrom('#.1', '#.2', '#.2.1', '#');
  const plan = fc.array(fc.tuple(line, fc.boolean(), fc.boolean()), { maxLength: 12 }).map((lines) =>
    lines
      .map(([number, all, parallel], i) => {
        const title = `- [ ] ${number.replace('#', `${Math.floor(i / 3)}`)} ${parallel ? '(P) ' : ''}T\n`;
        return { title, text: `${title}${all ? '  - _Requirements: All requirements_\n' : ''}` };
      })
      .filter(
        (one, i, every) => every.findIndex((other) => other.title.split(' ')[3] === one.title.split(' ')[3]) === i,
      )
      .map((one) => one.text)
      .join(''),
  );
  fc.assert(
    fc.property(plan, fc.constantFrom(...POLICIES), fc.boolean(), (text, policy, barrier) => {
      const edges = needsIn(text, { policy, barrier });
      expect(cycles(edges)).toEqual([]);
      expect([...edges.values()].flat().every((id) => edges.has(id))).toBe(true);
    }),
    { numRuns: 500 },
  );
});
