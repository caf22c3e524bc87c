import { expect, test } from 'vitest';
import { endFacts, lossFacts } from '../../../src/daemon/signals/end-facts.ts';
import type { EventDraft, State } from '../../../src/state/index.ts';
import type { InstanceStateName } from '../../../src/state/instances.ts';
import { stateOf } from '../../state/fold.ts';
import { instanceCreated, taskCreated } from '../../state/story.ts';

const ID = 'claude-1';
const started: EventDraft = { type: 'run.started', data: { id: '1', instance: ID, branch: 'b', start_commit: 'c' } };
const assigned = (id: string, pinned: boolean): EventDraft => ({
  type: 'task.assigned',
  data: { id, instance: ID, pinned, reason: 'x' },
});
const kind = (state: InstanceStateName): EventDraft => ({
  type: 'instance.moved',
  data: { instance_id: ID, state, source: 'drover' },
});
const swarm = (...more: readonly EventDraft[]): State =>
  stateOf(instanceCreated(ID), kind('starting'), taskCreated('1'), taskCreated('2'), taskCreated('3'), ...more);
const atWork = swarm(started, kind('working'));

test('nobody is known by that name, so nothing is a fact', () => {
  expect(endFacts(atWork, 'nobody-1', { code: 0, signal: null, oneShot: false })).toEqual([]);
  expect(lossFacts(atWork, 'nobody-1')).toEqual([]);
});

const ended = (state: State, code: number | null, signal: string | null, oneShot = false) =>
  endFacts(state, ID, { code, signal, oneShot }).map(({ type }) => type);

test('an end is a crash unless its status is zero: then a person has said goodbye, and what it was at waits', () => {
  expect(ended(atWork, 1, null)).toEqual(['run.failed', 'instance.moved', 'alert.raised']);
  expect(ended(atWork, null, null)).toEqual(['run.failed', 'instance.moved', 'alert.raised']);
  expect(ended(atWork, 0, null)).toEqual(['run.failed', 'alert.raised', 'instance.moved']);
  expect(endFacts(atWork, ID, { code: 0, signal: null, oneShot: false })).toMatchObject([
    { data: { failure: { class: 'stopped' } } },
    { data: { severity: 'warning', suggestion: 'retry task 1' } },
    { data: { state: 'stopped' } },
  ]);
  expect(ended(swarm(kind('idle')), 0, null)).toEqual(['instance.moved']);
  expect(ended(swarm(kind('idle')), 1, null)).toEqual(['instance.moved', 'alert.raised']);
  for (const over of ['creating', 'stopping', 'stopped', 'failed'] as const)
    expect(ended(swarm(kind(over)), 1, null)).toEqual([]);
});

test('what it asked and what failed for it ends with the program', () => {
  const told = (about: string): EventDraft => ({
    type: 'alert.raised',
    data: { id: `${about}:${ID}`, severity: 'warning', text: 'x', suggestion: null, instance: ID, task: null },
  });
  const state = swarm(kind('waiting'), told('waiting'), told('turn'), told('memory'));
  const cleared = (facts: readonly EventDraft[]) =>
    facts.flatMap((fact) => (fact.type === 'alert.cleared' ? [fact.data.id] : []));
  const over = [`waiting:${ID}`, `turn:${ID}`];
  expect(cleared(endFacts(state, ID, { code: 1, signal: null, oneShot: false }))).toEqual(over);
  expect(cleared(lossFacts(state, ID))).toEqual(over);
});

const later = (ms: number): string => `in ${ms} ms`;
const recoveryContext = { rules: { tries: 3, backoffMs: 100, moves: 1 }, later };
const recoveryIn = (facts: readonly EventDraft[]) =>
  facts.flatMap((fact) => (fact.type === 'instance.recovery_planned' ? [fact.data.recovery] : []));
const alertIn = (facts: readonly EventDraft[]) =>
  facts.flatMap((fact) => (fact.type === 'alert.raised' ? [[fact.data.severity, fact.data.text]] : []));
const crash = (state: State, code: number | null = 1) =>
  endFacts(state, ID, { code, signal: code === null ? 'SIGKILL' : null, oneShot: false }, recoveryContext);

test('[REC-3] a crash in the middle of a run is tried again after a rest that doubles, and given up after the last try', () => {
  const first = crash(atWork, null);
  expect(recoveryIn(first)).toEqual([
    {
      task: '1',
      class: 'crash',
      message: `${ID} ended by SIGKILL`,
      tries: 1,
      most: 3,
      unready: false,
      next: 'restart',
      due: 'in 100 ms',
    },
  ]);
  expect(first.map(({ type }) => type)).not.toContain('run.failed');
  expect(alertIn(first)).toMatchObject([['info', expect.stringContaining('1 of 3, and is started again by itself')]]);
  const again = swarm(started, ...first, kind('creating'), kind('starting'));
  const second = crash(again);
  expect(recoveryIn(second)).toMatchObject([{ tries: 2, unready: true, next: 'restart', due: 'in 200 ms' }]);
  // Zero is no goodbye of one that never took a prompt.
  expect(recoveryIn(crash(again, 0))).toMatchObject([{ tries: 2 }]);
  const third = crash(swarm(started, ...first, ...second, kind('creating'), kind('starting'), kind('working')));
  expect(recoveryIn(third)).toMatchObject([{ tries: 3, next: 'move', due: null }]);
  expect(alertIn(third)).toMatchObject([['error', expect.stringContaining('3 of 3, and is given up')]]);
});

test('[REC-3] a program that is not there is not started in vain, and nothing is done by itself where that is not wanted', () => {
  const starting = swarm(started, ...crash(atWork), kind('creating'), kind('starting'));
  const missing = crash(starting, 127);
  expect(recoveryIn(missing)).toMatchObject([{ next: 'move', message: `the program of ${ID} cannot be run` }]);
  expect(alertIn(missing)).toMatchObject([['error', expect.stringMatching(/1 is taken from it$|given up$/u)]]);
  const off = { rules: { ...recoveryContext.rules, tries: 0 }, later };
  expect(endFacts(atWork, ID, { code: 1, signal: null, oneShot: false }, off).map(({ type }) => type)).toEqual([
    'run.failed',
    'instance.moved',
    'alert.raised',
  ]);
});

test('[REC-1] a session that is gone is tried again; what was lost with the whole tmux server waits for a person', () => {
  expect(recoveryIn(lossFacts(atWork, ID, { server: false, recoveryContext }))).toMatchObject([
    { class: 'session-lost', next: 'restart', tries: 1 },
  ]);
  const all = lossFacts(atWork, ID, { server: true, recoveryContext });
  expect(recoveryIn(all)).toMatchObject([{ class: 'session-lost', next: 'person', tries: 0, due: null }]);
  expect(alertIn(all)).toMatchObject([['warning', expect.stringMatching(/; 1 waits for it$/u)]]);
});

test('a one-shot agent claims, fails or crashes by its status, and between two tasks it is nobody’s loss', () => {
  const program: EventDraft = { type: 'instance.started', data: { instance_id: ID, session: 's', pane: '%1', pid: 7 } };
  const once = swarm(started, program, kind('working'));
  expect(ended(once, 0, null, true)).toEqual(['run.claimed', 'instance.moved']);
  expect(ended(once, 3, null, true)).toEqual(['run.failed', 'alert.raised', 'instance.moved']);
  expect(ended(once, null, null, true)).toEqual(['run.failed', 'alert.raised', 'instance.moved']);
  expect(ended(swarm(kind('idle')), 1, 'SIGKILL', true)).toEqual([]);
  // That of the task before is still seen when the next one is begun, and its program is not there yet.
  expect(ended(swarm(program, started, kind('working')), 3, null, true)).toEqual([]);
  // Of a long run only the last states are known.
  const busy = Array.from({ length: 15 }, () => [kind('waiting'), kind('working')]).flat();
  expect(ended(swarm(started, program, ...busy), 3, null, true)).toEqual([
    'run.failed',
    'alert.raised',
    'instance.moved',
  ]);
});

test('[REC-3] a one-shot agent that something ended is tried again as any other; its own failure, or a person’s key, ends its run', () => {
  const program: EventDraft = { type: 'instance.started', data: { instance_id: ID, session: 's', pane: '%1', pid: 7 } };
  const once = swarm(started, program, kind('working'));
  const endOf = (code: number | null, signal: string | null, context = recoveryContext) =>
    endFacts(once, ID, { code, signal, oneShot: true }, context);
  const killed = endOf(null, 'SIGKILL');
  expect(killed.map(({ type }) => type)).toEqual(['instance.recovery_planned', 'instance.moved', 'alert.raised']);
  expect(recoveryIn(killed)).toMatchObject([{ class: 'crash', tries: 1, next: 'restart', due: 'in 100 ms' }]);
  const ends = ['run.failed', 'alert.raised', 'instance.moved'];
  expect(endOf(3, null).map(({ type }) => type)).toEqual(ends);
  expect(endOf(null, 'SIGINT').map(({ type }) => type)).toEqual(ends);
  const off = { ...recoveryContext, rules: { ...recoveryContext.rules, tries: 0 } };
  expect(endOf(null, 'SIGKILL', off).map(({ type }) => type)).toEqual(ends);
});

test('what was only handed out goes to others when its instance ends; what a person pinned waits for it', () => {
  const queued = swarm(assigned('2', false), assigned('3', true), kind('idle'));
  for (const facts of [lossFacts(queued, ID), endFacts(queued, ID, { code: 1, signal: null, oneShot: false })])
    expect(facts.filter(({ type }) => type === 'task.unassigned').map(({ data }) => data)).toMatchObject([{ id: '2' }]);
});

test('a lost session is told once', () => {
  expect(lossFacts(atWork, ID).map(({ type }) => type)).toEqual(['run.failed', 'instance.moved', 'alert.raised']);
  expect(lossFacts(swarm(kind('idle')), ID).map(({ type }) => type)).toEqual(['instance.moved', 'alert.raised']);
  expect(lossFacts(swarm(kind('lost')), ID)).toEqual([]);
});

test.each([
  [{ code: 127, signal: null }, undefined, 'starting', 'no-program', 'ended with 127'],
  [{ code: 127, signal: null }, undefined, 'working', 'crash', 'ended with 127'],
  [
    { code: 1, signal: null },
    { class: 'disk', evidence: '3 MB are free' },
    'working',
    'disk',
    'ended with 1: 3 MB are free',
  ],
  [
    { code: null, signal: 'SIGKILL' },
    { class: 'memory', evidence: 'none left' },
    'working',
    'memory',
    'ended by SIGKILL: none left',
  ],
] as const)(
  '[REC-1] an end by %j because of %j while %s is of the class %s',
  (...[exit, cause, now, failure, evidence]) => {
    const facts = endFacts(swarm(started, kind(now)), ID, { ...exit, oneShot: false, cause });
    expect(facts).toMatchObject([
      { type: 'run.failed', data: { failure: { class: failure } } },
      { type: 'instance.moved', data: { state: 'failed', evidence, failure, exit } },
      { type: 'alert.raised', data: { text: expect.stringContaining(evidence) } },
    ]);
  },
);
