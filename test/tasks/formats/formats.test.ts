import { describe, expect, test } from 'vitest';
import { PLAN_FORMATS } from '../../../src/state/specs.ts';
import {
  planFormat,
  planFormats,
  recognised,
  tickedAlike,
  tickPlan,
  untickPlan,
} from '../../../src/tasks/formats/index.ts';
import { gatedGraph } from '../../../src/tasks/gates.ts';
import type { SpecPlan } from '../../../src/tasks/spec/import-spec.ts';
import { edgesOf, fixtures, planIn, textOf } from './plans.ts';

test('every format is in the list once, and has a fixture', () => {
  expect(planFormats.map(({ id }) => id).toSorted()).toEqual(PLAN_FORMATS.toSorted());
  expect([...new Set(fixtures.map(({ format }) => format))].toSorted()).toEqual(PLAN_FORMATS.toSorted());
});

const leavesIn = (format: (typeof PLAN_FORMATS)[number], text: string) =>
  planFormat(format)
    .read({ tasksText: text, policy: 'none', barrier: false })
    .parsed.tasks.filter(({ leaf }) => leaf);

const subsetsOf = (all: readonly string[]): string[][] =>
  Array.from({ length: 2 ** all.length }, (_, bits) => all.filter((_one, at) => (bits >> at) % 2 === 1));

/** What each task waits for, directly or not: what is done holds nobody up, and what is behind it counts only if it is said. */
const openReach = ({ plans }: SpecPlan, done: readonly string[]): ReadonlyMap<string, ReadonlySet<string>> => {
  const graph = gatedGraph(plans.map((task) => [task.id, task]));
  const open = (id: string) => (graph.get(id) ?? []).filter((need) => !done.includes(need));
  return new Map(
    plans.map(({ id }) => {
      const found = new Set(open(id));
      for (const one of found) for (const need of open(one)) found.add(need);
      return [id, found];
    }),
  );
};

/** The numbers of the lines that are not the same in two texts. */
const changedLines = (a: string, b: string): number[] => {
  const [before, after] = [a.split('\n'), b.split('\n')];
  expect(after).toHaveLength(before.length);
  return before.flatMap((line, index) => (line === after[index] ? [] : [index + 1]));
};

describe.each(fixtures)('$format, $file', (fixture) => {
  const { format, place, ids, done, edges, groups } = fixture;
  const text = textOf(fixture);

  test('[TSK-11] is recognised by itself and as nothing else', () => {
    expect(planFormats.filter((one) => one.recognises(place, text)).map(({ id }) => id)).toEqual([format]);
    expect(recognised(`/somewhere/${place.split('/').at(-1)}`, text)?.id).toBe(format);
  });

  test('[TSK-11] is read whole: ids in order, groups, states, priorities, and what each waits for by which rule', () => {
    const plan = planIn(format, text);
    expect(plan.plans.map(({ id }) => id)).toEqual(ids);
    expect(plan.done).toEqual(done);
    expect(plan.plans.map(({ group }) => group)).toEqual(groups);
    expect([plan.held, plan.cancelled]).toEqual([fixture.held ?? [], fixture.cancelled ?? []]);
    if (fixture.priorities) expect(plan.plans.map(({ priority }) => priority)).toEqual(fixture.priorities);
    expect(edgesOf(plan).toSorted()).toEqual(edges.toSorted());
    expect(plan.warnings.filter(({ message }) => message.includes('ticked'))).toEqual([]);
  });

  test.each([
    ['as it is', (one: string) => one],
    ['with CRLF', (one: string) => one.replaceAll('\n', '\r\n')],
    ['with a byte order mark', (one: string) => `\uFEFF${one}`],
    ['without a last line end', (one: string) => one.trimEnd()],
  ])('[TSK-11] is ticked %s: marks change and no other byte', (_, edited) => {
    const given = edited(text);
    const all = tickPlan(planFormat(format), given, leavesIn(format, given));
    expect(all.problems).toEqual([]);
    expect(changedLines(given, all.text)).toEqual(fixture.ticked);
    expect(planIn(format, all.text).done).toEqual(ids);
    expect(tickPlan(planFormat(format), all.text, leavesIn(format, all.text)).text).toBe(all.text);
    // One task changes the line of its mark, and at most those of the groups that it completes.
    const [open] = leavesIn(format, given).filter(({ state }) => state !== 'done');
    const one = tickPlan(planFormat(format), given, [open!]);
    const changed = changedLines(given, one.text);
    expect(changed).toEqual(expect.arrayContaining(open!.boxes.filter((box) => !box.done).map(({ line }) => line)));
    expect(fixture.ticked).toEqual(expect.arrayContaining(changed));
    expect(planIn(format, one.text).done.toSorted()).toEqual([...done, open!.number].toSorted());
  });

  test('[TSK-10] whatever is ticked, the open tasks have the same order', () => {
    const given = planIn(format, text);
    const open = ids.filter((id) => ![...done, ...given.cancelled].includes(id));
    const before = openReach(given, given.done);
    for (const some of subsetsOf(open)) {
      const leaves = leavesIn(format, text).filter(({ number }) => some.includes(number));
      const plan = planIn(format, tickPlan(planFormat(format), text, leaves).text);
      const left = open.filter((id) => !some.includes(id));
      const among = (reach: ReadonlyMap<string, ReadonlySet<string>>) =>
        left.map((id) => [id, left.filter((other) => reach.get(id)!.has(other))]);
      expect(among(openReach(plan, plan.done))).toEqual(among(before));
    }
  });

  test('[GIT-9] a tick is taken back to the mark that was there, whatever else is ticked by then', () => {
    const leaves = leavesIn(format, text).filter(({ state }) => state !== 'done');
    const all = tickPlan(planFormat(format), text, leaves).text;
    expect(tickedAlike(planFormat(format), { earlier: text, later: all })).toBe(all);
    expect(untickPlan(planFormat(format), { now: all, before: text }, leaves)).toBe(text);
    for (const one of leaves) {
      const others = leaves.filter((other) => other !== one);
      const rest = tickPlan(planFormat(format), text, others).text;
      expect(untickPlan(planFormat(format), { now: all, before: text }, [one])).toBe(rest);
    }
    const renamed = leaves.map(({ number }) => ({ number, title: 'Another title' }));
    expect(untickPlan(planFormat(format), { now: all, before: text }, renamed)).toBe(all);
    expect(untickPlan(planFormat(format), { now: all, before: all }, leaves)).toBe(all);
  });

  test('a task that is called otherwise now is not ticked, and that is said', () => {
    const [first] = ids;
    const other = tickPlan(planFormat(format), text, [{ number: first!, title: 'Another title' }]);
    expect(other).toMatchObject({ text, problems: [expect.stringContaining('is called')] });
    expect(tickPlan(planFormat(format), '', [{ number: first!, title: 'x' }]).problems).toHaveLength(1);
    expect(tickPlan(planFormat(format), 'a\0b', [{ number: first!, title: 'x' }]).problems).toHaveLength(1);
  });
});

test('[TSK-11] what waits for an issue of another tracker is held back, and that is said', () => {
  const issue = (id: string, status: string) =>
    JSON.stringify({
      id,
      title: `Do ${id}`,
      status,
      dependencies: [{ issue_id: id, depends_on_id: 'external:shop:sh-1', type: 'blocks' }],
    });
  const plan = planIn('beads', `${issue('pt-1', 'open')}\n${issue('pt-2', 'closed')}\n`);
  expect([plan.held, plan.done, edgesOf(plan)]).toEqual([['pt-1'], ['pt-2'], []]);
  expect(plan.warnings).toEqual([
    { line: 1, message: expect.stringContaining('external:shop:sh-1 of another tracker') },
  ]);
});

test.each([
  [
    'spec-kit',
    '## Phase 1\n\n- [ ] T001 Set up\n- [X] T002 [P] Link\n\n## Phase 2\n\n- [ ] T003 Build\n',
    'T003',
    'T001',
  ],
  [
    'taskmaster',
    JSON.stringify({
      tasks: [
        { id: 1, title: 'One', status: 'pending', dependencies: [] },
        { id: 2, title: 'Two', status: 'done', dependencies: [1, 4] },
        { id: 3, title: 'Three', status: 'pending', dependencies: [2] },
        { id: 4, title: 'Four', status: 'cancelled', dependencies: [] },
      ],
    }),
    '3',
    '1',
  ],
] as const)('[TSK-10] who waits for a ticked task of %s waits for what that waited for', (format, text, id, need) => {
  const plan = planIn(format, text);
  expect(edgesOf(plan)).toContain(`${id} < ${need} ticked`);
  // What is cancelled never comes, and the ticked task was done without it.
  expect(edgesOf(plan)).not.toContain('3 < 4 ticked');
});
