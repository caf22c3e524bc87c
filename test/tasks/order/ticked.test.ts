import fc from 'fast-check';
import { expect, test } from 'vitest';
import { POLICIES } from '../../../src/state/specs.ts';
import { type Dependencies, looseOrder, waves } from '../../../src/tasks/graph.ts';
import { needsOf } from '../../../src/tasks/order/edges.ts';
import { type OrderOptions, orderOf } from '../../../src/tasks/order/order.ts';
import { parseTasks } from '../../../src/tasks/spec/spec-tasks.ts';

const TICKED = '- [ ] 1. Alpha\n- [x] 2. Beta\n- [ ] 3. Gamma\n- [x] 4. Checkpoint\n- [ ] 5. Delta\n';

const edgesOf = (text: string, policy: OrderOptions['policy']) =>
  orderOf(parseTasks(text), { policy, barrier: true }).edges;

test.each(['strict', 'kiro'] as const)('[TSK-10] ticked tasks do not cut the order by %s', (policy) => {
  const edges = edgesOf(TICKED, policy);
  expect(waves(needsOf(edges), ['2', '4'])).toEqual([['1'], ['3'], ['5']]);
  expect(edges.get('3')!.get('1')).toBe('ticked');
});

test('[TSK-10] what a ticked task said itself, or its graph, is handed on too, and what nobody knows is not', () => {
  const said =
    '- [ ] 1. A\n- [x] 2. B\n  - _Depends: 1, 9_\n- [x] 3. C\n  - _Depends: 2_\n- [ ] 4. D\n  - _Depends: 3_\n';
  expect(Object.fromEntries(edgesOf(said, 'none').get('4')!)).toEqual({ '1': 'ticked', '3': 'said' });
  const graph = JSON.stringify({ waves: [['1'], ['2'], ['3']].map((tasks, id) => ({ id, tasks })) });
  const drawn = `- [ ] 1. A\n- [x] 2. B\n- [ ] 3. C\n\n## Task Dependency Graph\n\n\`\`\`json\n${graph}\n\`\`\`\n`;
  expect(Object.fromEntries(edgesOf(drawn, 'kiro').get('3')!)).toEqual({ '1': 'ticked', '2': 'graph' });
});

/** Everything that each task waits for, directly or not; through what is ticked too only when nothing is. */
const reach = (needs: Dependencies, ticked: ReadonlySet<string>): Record<string, string[]> => {
  const found = new Map<string, Set<string>>();
  for (const id of looseOrder(needs)) {
    const open = needs.get(id)!.filter((need) => !ticked.has(need));
    found.set(id, new Set(open.flatMap((need) => [need, ...found.get(need)!])));
  }
  return Object.fromEntries([...found].map(([id, all]) => [id, [...all].toSorted()]));
};

const entry = fc.record({
  group: fc.nat(3),
  title: fc.constantFrom('Build', 'Checkpoint', 'Write unit tests', 'Write `src/a.ts`', '(P) Join'),
  isTicked: fc.boolean(),
  isForAll: fc.boolean(),
  need: fc.option(fc.nat(11)),
});

test('[TSK-10] whatever is ticked, the open tasks of a plan have the same order', () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 12 }), fc.constantFrom(...POLICIES), (entries, policy) => {
      const numbers = entries.map(({ group }, i) => `${group + 1}.${i + 1}`);
      const textWith = (isShown: boolean): string =>
        entries
          .map(({ title, isTicked, isForAll, need }, i) => {
            const box = isShown && isTicked ? 'x' : ' ';
            const depends = need !== null && need < i ? `  - _Depends: ${numbers[need]}_\n` : '';
            const forAll = isForAll ? '  - _Requirements: All requirements_\n' : '';
            return `- [${box}] ${numbers[i]} ${title}\n${depends}${forAll}`;
          })
          .join('');
      const ticked = new Set(numbers.filter((_, i) => entries[i]!.isTicked));
      const open = (all: Record<string, string[]>) =>
        Object.fromEntries(
          Object.entries(all)
            .filter(([id]) => !ticked.has(id))
            .map(([id, ids]) => [id, ids.filter((one) => !ticked.has(one))]),
        );
      const after = reach(needsOf(edgesOf(textWith(true), policy)), ticked);
      const before = reach(needsOf(edgesOf(textWith(false), policy)), new Set());
      expect(open(after)).toEqual(open(before));
    }),
    { numRuns: 300 },
  );
});
