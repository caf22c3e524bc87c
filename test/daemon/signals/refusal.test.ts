import { expect, test } from 'vitest';
import type { Signal } from '../../../src/agents/adapter.ts';
import { signalFacts } from '../../../src/daemon/signals/signal-facts.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { stateOf } from '../../state/fold.ts';
import { instanceCreated, taskCreated } from '../../state/story.ts';

const ID = 'codex-1';
const started: EventDraft = { type: 'run.started', data: { id: '1', instance: ID, branch: 'b', start_commit: 'c' } };
const waits = (source: 'hook' | 'screen'): EventDraft => ({
  type: 'instance.moved',
  data: { instance_id: ID, state: 'waiting', source, question: 'May it?' },
});
const begun = [instanceCreated(ID), taskCreated('1')] as const;
const interrupted: Signal = { kind: 'failed', class: 'stopped', message: 'interrupted', ifAsking: 'What instead?' };
const told = (...drafts: readonly EventDraft[]) =>
  signalFacts(stateOf(...drafts), ID, interrupted, 'hook').map(({ type, data }) => [
    type,
    'state' in data ? data.state : null,
  ]);

test('an agent that gives up its turn because it was refused something asks what to do instead', () => {
  expect(told(...begun, started, waits('hook'))).toEqual([
    ['instance.moved', 'waiting'],
    ['alert.raised', null],
  ]);
});

test('the same where its terminal has shown in between that it goes on', () => {
  const goesOn: EventDraft = {
    type: 'instance.moved',
    data: { instance_id: ID, state: 'working', source: 'terminal' },
  };
  expect(told(...begun, started, waits('hook'), goesOn)[0]).toEqual(['instance.moved', 'waiting']);
  const later: EventDraft = { type: 'instance.moved', data: { instance_id: ID, state: 'working', source: 'hook' } };
  expect(told(...begun, started, waits('hook'), goesOn, later)[0]).toEqual(['run.failed', null]);
});

test('an interrupt of what it does, or of a question that no task stands behind, makes it idle', () => {
  const working: EventDraft = { type: 'instance.moved', data: { instance_id: ID, state: 'working', source: 'hook' } };
  expect(told(...begun, started, working)).toEqual([
    ['run.failed', null],
    ['alert.raised', null],
    ['instance.moved', 'idle'],
  ]);
  expect(told(...begun, waits('hook')).at(-1)).toEqual(['instance.moved', 'idle']);
});

test('the answer to a dialog of its start, read from its screen, makes it ready', () => {
  const ready = (...drafts: readonly EventDraft[]) =>
    signalFacts(stateOf(...drafts), ID, { kind: 'ready' }, 'screen').map(({ type }) => type);
  expect(ready(...begun, waits('screen'))).toEqual(['instance.moved']);
  expect(ready(...begun, waits('hook'))).toEqual([]);
  expect(ready(...begun, started, waits('screen'))).toEqual([]);
});
