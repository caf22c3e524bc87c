import { expect, test } from 'vitest';
import { INSTANCE_STATES, type InstanceStateName } from '../../src/state/instances.ts';
import { isAlive, isBusy, isPresent, mayMove, moved } from '../../src/state/moves.ts';
import { stateOf } from './fold.ts';
import { instanceCreated } from './story.ts';

const ALIVE: readonly InstanceStateName[] = [
  'working',
  'waiting',
  'verifying',
  'idle',
  'paused',
  'stuck',
  'limited',
  'unknown',
];
const ENDS: readonly InstanceStateName[] = ['stopping', 'stopped', 'failed', 'lost'];

/** What the life of an instance allows, said once more in full. */
const LEGAL: Readonly<Record<InstanceStateName, readonly InstanceStateName[]>> = {
  creating: ['starting', ...ENDS],
  starting: [...ALIVE, ...ENDS],
  idle: ['creating', ...ALIVE, ...ENDS],
  working: ['creating', ...ALIVE, ...ENDS],
  waiting: ['creating', 'starting', ...ALIVE, ...ENDS],
  verifying: ['creating', ...ALIVE, ...ENDS],
  paused: ['creating', ...ALIVE, ...ENDS],
  stuck: ['creating', ...ALIVE, ...ENDS],
  limited: ['creating', ...ALIVE, ...ENDS],
  unknown: ['creating', 'starting', ...ALIVE, ...ENDS],
  stopping: ['creating', 'stopped', 'failed', 'lost'],
  stopped: ['creating'],
  failed: ['creating', 'stopping', 'stopped', 'lost'],
  lost: ['creating', 'stopping', 'stopped', 'unknown'],
};

const inState = (state: InstanceStateName) =>
  stateOf(instanceCreated('claude-1'), {
    type: 'instance.moved',
    data: { instance_id: 'claude-1', state, source: 'hook' },
  });

test.each(INSTANCE_STATES)('[INS-2] from %s only legal moves are made, whoever says so', (from) => {
  const state = inState(from);
  for (const to of INSTANCE_STATES) {
    const legal = LEGAL[from].includes(to);
    expect([to, mayMove(from, to)]).toEqual([to, legal]);
    const facts = moved(state, 'claude-1', { state: to, source: 'drover' });
    expect([to, facts.length]).toEqual([to, legal || to === from ? 1 : 0]);
  }
});

test('what is known already is no news, except a question', () => {
  const state = inState('waiting');
  expect(moved(state, 'claude-1', { state: 'waiting', source: 'hook' })).toEqual([]);
  expect(moved(state, 'claude-1', { state: 'waiting', source: 'screen' })).toHaveLength(1);
  expect(moved(state, 'claude-1', { state: 'waiting', source: 'hook', question: 'Which?' })).toHaveLength(1);
  const limited = { state: 'limited', source: 'hook', until: '2026-11-20T09:02:00.000Z' } as const;
  const until = (at: string) =>
    moved(
      stateOf(instanceCreated('claude-1'), { type: 'instance.moved', data: { instance_id: 'claude-1', ...limited } }),
      'claude-1',
      { ...limited, until: at },
    );
  expect([until(limited.until), until('2026-11-20T10:00:00.000Z')]).toMatchObject([
    [],
    [{ data: { state: 'limited' } }],
  ]);
  expect(moved(state, 'nobody-1', { state: 'idle', source: 'hook' })).toEqual([]);
});

test('who lives, who takes a place and who is at work', () => {
  const those = (is: (state: InstanceStateName) => boolean) => INSTANCE_STATES.filter(is);
  expect(those(isAlive)).toEqual([
    'starting',
    'idle',
    'working',
    'waiting',
    'verifying',
    'paused',
    'stuck',
    'limited',
    'unknown',
  ]);
  expect(those(isPresent)).toEqual(INSTANCE_STATES.filter((one) => !['stopped', 'failed', 'lost'].includes(one)));
  expect(those(isBusy)).toEqual(['working', 'waiting', 'verifying', 'stuck', 'limited']);
});
