import { expect, test } from 'vitest';
import type { Use } from '../../../src/agents/adapter.ts';
import { signalFacts } from '../../../src/daemon/signals/signal-facts.ts';
import type { Request } from '../../../src/state/instances.ts';
import { stateOf } from '../../state/fold.ts';
import { instanceCreated } from '../../state/story.ts';
import { ID, request, waits } from './waiting-requests.ts';

const use = (command: string, changes: Partial<Use> = {}): Use => ({
  tool: 'Bash',
  subject: command,
  whole: true,
  helper: null,
  done: true,
  ...changes,
});

/** What becomes of an instance that waits with these requests when it lets us know of this use. */
const after = (requests: readonly Request[], used: Use | undefined): readonly (string | undefined)[] => {
  const state = stateOf(instanceCreated(ID), waits(...requests));
  const signal = used === undefined ? { kind: 'working' as const } : { kind: 'working' as const, use: used };
  return signalFacts(state, ID, signal, 'hook').flatMap((fact) =>
    fact.type === 'instance.moved' ? [fact.data.state, fact.data.question] : [],
  );
};

test('what it asked for and has done is answered, and it goes on', () => {
  expect(after([request('a')], use('a'))).toEqual(['working', undefined]);
  expect(after([request('a')], undefined)).toEqual(['working', undefined]);
});

test('what it begins after it asked means that it was answered, and what it did before tells nothing', () => {
  expect(after([request('a')], use('b', { done: false }))).toEqual(['working', undefined]);
  expect(after([request('a')], use('b'))).toEqual([]);
});

test('that it is about to do what it asks for comes before the question, whenever it arrives', () => {
  expect(after([request('a')], use('a', { done: false }))).toEqual([]);
});

test('what its helpers do meanwhile answers nothing', () => {
  expect(after([request('a')], use('b', { helper: 'h1' }))).toEqual([]);
  expect(after([request('a', 'h1')], use('b'))).toEqual([]);
});

test('of several questions the next one is asked when the first is answered', () => {
  expect(after([request('a'), request('b', 'h1')], use('a'))).toEqual(['waiting', 'May it use Bash: b?']);
  expect(after([request('a'), request('b', 'h1')], use('b', { helper: 'h1' }))).toEqual([
    'waiting',
    'May it use Bash: a?',
  ]);
});

test('one that waits with nothing, and what does not come from a hook, are as ever', () => {
  const free = stateOf(instanceCreated(ID), {
    type: 'instance.moved',
    data: { instance_id: ID, state: 'starting', source: 'terminal' },
  });
  expect(signalFacts(free, ID, { kind: 'working', use: use('a') }, 'hook')).toMatchObject([{ type: 'instance.moved' }]);
  const state = stateOf(instanceCreated(ID), waits(request('a')));
  const facts = signalFacts(state, ID, { kind: 'rests' }, 'register');
  expect(facts.find(({ type }) => type === 'instance.moved')).toMatchObject({ data: { state: 'idle' } });
});
