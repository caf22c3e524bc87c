import { expect, test } from 'vitest';
import { checkHeard, checkJournal, checkThings, checkTicks, checkWork } from '../../bench/chaos/check.ts';
import { makeModel } from '../../bench/chaos/model.ts';
import { isMissed } from '../../bench/chaos/outage.ts';
import { FAULTS, firstOf } from '../../bench/chaos/plan.ts';

const planned = (seed: number, kinds?: readonly string[]) => firstOf(seed, 200, kinds);

test('[QUA-6] the injections of a seed are the same each time, those of another seed are others', () => {
  expect(planned(1)).toEqual(planned(1));
  expect(planned(2)).not.toEqual(planned(1));
  expect(planned(1).map(({ step }) => step)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
  expect(new Set(planned(7).map(({ kind }) => kind))).toEqual(new Set(Object.keys(FAULTS)));
  expect(new Set(planned(7, ['daemon-kill']).map(({ kind }) => kind))).toEqual(new Set(['daemon-kill']));
});

/** A client that was acknowledged so many commands, and the state that they lead to. */
const talked = (count: number) => {
  const model = makeModel(3, 'client');
  const tasks: Record<string, { priority: string }> = {};
  const groups: Record<string, object> = {};
  const said: string[] = [];
  for (let i = 0; i < count; i += 1) {
    const next = model.next();
    said.push(next.text);
    model.acknowledge(next);
    const records: Record<string, object> = next.thing.kind === 'task' ? tasks : groups;
    if (next.value === null) delete records[next.thing.id];
    else records[next.thing.id] = { priority: next.value };
  }
  return { model, said, state: { tasks, groups } };
};

test('[QUA-6] a client of a seed says the same commands each time, and the checker misses no change that was acknowledged', () => {
  expect(talked(60).said).toEqual(talked(60).said);
  const { model, state } = talked(60);
  expect(checkThings([model], state)).toEqual([]);
  const [id = ''] = Object.keys(state.tasks);
  const { [id]: gone, ...tasks } = state.tasks;
  expect(gone).toBeDefined();
  expect(checkThings([model], { ...state, tasks })).toMatchObject([
    { kind: 'lost', what: expect.stringContaining(id) },
  ]);
  const [group = ''] = Object.keys(state.groups);
  const changed = {
    tasks: { ...state.tasks, [id]: { priority: 'none' } },
    groups: { ...state.groups, [group]: undefined },
  };
  expect(checkThings([model], changed)).toHaveLength(2);
});

test('what nobody answered may be there or not, and nothing else', () => {
  const model = makeModel(3, 'client');
  const said = model.next();
  model.doubt(said);
  const there = { tasks: { [said.thing.id]: { priority: said.value ?? '' } }, groups: { [said.thing.id]: {} } };
  expect(checkThings([model], there)).toEqual([]);
  expect(checkThings([model], { tasks: {}, groups: {} })).toEqual([]);
  if (said.thing.kind === 'task')
    expect(checkThings([model], { ...there, tasks: { [said.thing.id]: { priority: 'none' } } })).toHaveLength(1);
});

test('a number that is missing, a thing made twice and a command carried out twice are found in a journal', () => {
  const made = (seq: number, id: string) => ({ seq, type: 'group.created', data: { group_id: id } });
  const finished = (seq: number, id: string) => ({ seq, type: 'command.finished', data: { id } });
  expect(checkJournal([made(1, 'a'), made(2, 'b'), finished(3, 'x'), finished(4, ''), finished(5, '')])).toEqual([]);
  const bad = checkJournal([made(1, 'a'), made(3, 'a'), finished(4, 'x'), finished(5, 'x')]);
  expect(bad.map(({ kind }) => kind)).toEqual(['journal', 'twice', 'twice']);
});

test('an event that a client heard and the journal has otherwise, and a line of an agent that is missing, are found', () => {
  const event = { seq: 1, type: 'a', data: { one: 1, two: [2] } };
  expect(checkHeard([event], [{ type: 'a', data: { two: [2], one: 1 }, seq: 1 }])).toEqual([]);
  expect(checkHeard([event], [])).toHaveLength(1);
  expect(checkHeard([event], [{ ...event, type: 'b' }])).toHaveLength(1);
  expect(checkTicks('t-1', 'tick 7 1 end\r\ntick 7 2 end\r\ntick 8 1 end')).toEqual([]);
  expect(checkTicks('t-1', 'tick 7 1 end\r\ntick 7 3 end')).toHaveLength(1);
});

test('a task has one commit, and at most one more for each time that its agent was started again', () => {
  const found = (restarts: number, commits: number) =>
    checkWork(['a'], { tasks: { a: { state: 'done', run: { restarts } } } } as never, () => commits);
  expect([found(0, 1), found(1, 1), found(1, 2)]).toEqual([[], [], []]);
  expect(found(0, 2)).toEqual([{ kind: 'task', what: 'task a has 2 commits, not one' }]);
  expect(found(1, 3)).toEqual([{ kind: 'task', what: 'task a has 3 commits, not 1 to 2' }]);
  expect(found(1, 0)).toHaveLength(1);
});

test('the goal for outages is missed by what is longer at p95, and not where none was measured', () => {
  expect([{ p95: 1000 }, { p95: 1001 }, null].map(isMissed)).toEqual([false, true, false]);
});
