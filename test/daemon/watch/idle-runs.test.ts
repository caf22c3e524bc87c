import { expect, test } from 'vitest';
import { idleRunFacts, unansweredFacts } from '../../../src/daemon/watch/idle-runs.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { stateOf } from '../../state/fold.ts';
import { instanceCreated, taskCreated } from '../../state/story.ts';

const ID = 'claude-1';
const at = (now: number) => (since: string) => now - Date.parse(since);
const given: readonly EventDraft[] = [
  instanceCreated(ID),
  { type: 'instance.moved', data: { instance_id: ID, state: 'starting', source: 'terminal' } },
  taskCreated('1'),
  { type: 'task.assigned', data: { id: '1', instance: ID, pinned: false, reason: 'x' } },
  { type: 'run.started', data: { id: '1', instance: ID, branch: 'b', start_commit: 'c' } },
];
const begun: readonly EventDraft[] = [
  ...given,
  { type: 'instance.moved', data: { instance_id: ID, state: 'working', source: 'drover' } },
];
const idle: EventDraft = { type: 'instance.moved', data: { instance_id: ID, state: 'idle', source: 'register' } };

test('an agent that rests in the middle of a run is told of after a while, once, and no longer than that', () => {
  const resting = stateOf(...begun, idle);
  const since = Date.parse(resting.instances[ID]!.state.since);
  expect(idleRunFacts(resting, at(since + 2000))).toEqual([]);
  const [raised] = idleRunFacts(resting, at(since + 3000));
  expect(raised).toMatchObject({ data: { id: `interrupted:${ID}`, suggestion: `tell ${ID} "Go on."`, task: '1' } });
  expect(idleRunFacts(stateOf(...begun, idle, raised!), at(since + 9000))).toEqual([]);
  const failure = { class: 'stopped', message: 'm' } as const;
  const over = stateOf(...begun, idle, raised!, { type: 'run.failed', data: { id: '1', failure } });
  expect(idleRunFacts(over, at(since + 9000))).toMatchObject([{ type: 'alert.cleared' }]);
  expect(idleRunFacts(stateOf(...begun), at(since + 9000))).toEqual([]);
});

test('an agent that has not begun yet what it was given was not interrupted', () => {
  const resting = stateOf(...given, idle);
  expect(idleRunFacts(resting, at(Date.parse(resting.instances[ID]!.state.since) + 9000))).toEqual([]);
});

test('[REC-1] a question that nobody answers in time is told of once, with what helps, until it is answered', () => {
  const asked: EventDraft = {
    type: 'instance.moved',
    data: { instance_id: ID, state: 'waiting', source: 'hook', question: 'Which colour?' },
  };
  const waits = stateOf(...begun, asked);
  const since = Date.parse(waits.instances[ID]!.state.since);
  expect(unansweredFacts(waits, at(since + 59_000), 60_000)).toEqual([]);
  const [raised] = unansweredFacts(waits, at(since + 60_000), 60_000);
  expect(raised).toMatchObject({
    data: {
      id: `unanswered:${ID}`,
      severity: 'error',
      text: `${ID} has waited 1 min for an answer, and 1 with it: Which colour?`,
      suggestion: `attach instance ${ID}`,
      task: '1',
    },
  });
  expect(unansweredFacts(stateOf(...begun, asked, raised!), at(since + 90_000), 60_000)).toEqual([]);
  const idleAgain = stateOf(...begun, asked, raised!, idle);
  expect(unansweredFacts(idleAgain, at(since), 60_000)).toMatchObject([{ type: 'alert.cleared' }]);
  const known: EventDraft = {
    type: 'alert.raised',
    data: {
      ...{ id: `waiting:${ID}`, severity: 'warning', text: 'x', suggestion: `answer ${ID} "yes"` },
      ...{ instance: ID, task: null },
    } as const,
  };
  const bare: EventDraft = { type: 'instance.moved', data: { instance_id: ID, state: 'waiting', source: 'screen' } };
  expect(unansweredFacts(stateOf(instanceCreated(ID), bare, known), at(since + 99_000), 20_000)).toMatchObject([
    { data: { text: `${ID} has waited 20 s for an answer: look at its terminal`, suggestion: `answer ${ID} "yes"` } },
  ]);
});
