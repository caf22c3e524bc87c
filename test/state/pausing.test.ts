import { expect, test } from 'vitest';
import type { EventDraft } from '../../src/state/index.ts';
import { activity, moved } from '../../src/state/moves.ts';
import { stateOf } from './fold.ts';
import { instanceCreated } from './story.ts';

const instance_id = 'claude-1';
const to = (state: 'idle' | 'working' | 'waiting' | 'failed', source: 'hook' | 'terminal' = 'hook'): EventDraft => ({
  type: 'instance.moved',
  data: { instance_id, state, source },
});
const started = (pid: number): EventDraft => ({
  type: 'instance.started',
  data: { instance_id, session: 'app-claude-1', pane: '%1', pid },
});
const asked: EventDraft = { type: 'instance.pause_requested', data: { instance_id } };
const paused: EventDraft = { type: 'instance.paused', data: { instance_id, evidence: 'frozen' } };
const askedOn: EventDraft = { type: 'instance.resume_requested', data: { instance_id } };
const resumed: EventDraft = { type: 'instance.resumed', data: { instance_id, evidence: 'goes on' } };
const after = (...drafts: readonly EventDraft[]) => stateOf(instanceCreated(instance_id), started(1), ...drafts);
const claude = (...drafts: readonly EventDraft[]) => after(...drafts).instances[instance_id]!;

test('a paused instance goes back to what it did', () => {
  expect(claude(to('working'), asked)).toMatchObject({ hold: 'pausing', state: { kind: 'working' } });
  expect(claude(to('working'), asked, paused)).toMatchObject({
    hold: 'frozen',
    state: { kind: 'paused' },
    paused_from: { kind: 'working', source: 'hook' },
  });
  expect(claude(to('working'), asked, paused, askedOn, resumed)).toMatchObject({
    hold: null,
    paused_from: null,
    state: { kind: 'working', source: 'hook', evidence: 'goes on' },
  });
});

test('a question that an instance waits with through a pause is as old as it is', () => {
  const asking = claude(to('waiting'));
  const resumedAsking = claude(to('waiting'), asked, paused, askedOn, resumed);
  expect(resumedAsking.state).toMatchObject({ kind: 'waiting', since: asking.state.since, evidence: 'goes on' });
  // When it went on is in its history, and each mark there follows the one before it.
  const marks = resumedAsking.transitions.map(({ since }) => since);
  expect(marks).toEqual(marks.toSorted());
  expect(marks.at(-1)! > asking.state.since).toBe(true);
  expect(claude(to('waiting'), asked, askedOn, resumed).state.since).toBe(asking.state.since);
  // What worked was not at work meanwhile: it begins anew.
  expect(claude(to('working'), asked, paused, askedOn, resumed).state.since).not.toBe(
    claude(to('working')).state.since,
  );
});

test('what becomes known of a frozen instance changes what it goes back to', () => {
  const state = after(to('working'), asked, paused, to('waiting'));
  expect(state.instances[instance_id]).toMatchObject({ state: { kind: 'paused' }, paused_from: { kind: 'waiting' } });
  expect(activity(state.instances[instance_id]!).kind).toBe('waiting');
  expect(moved(state, instance_id, { state: 'waiting', source: 'hook' })).toEqual([]);
  expect(moved(state, instance_id, { state: 'idle', source: 'hook' })).toHaveLength(1);
});

test('the end of a frozen instance is an end', () => {
  const ended = claude(to('working'), asked, paused, to('failed', 'terminal'));
  expect(ended).toMatchObject({ state: { kind: 'failed' }, hold: null, paused_from: null });
  const state = after(to('working'), asked, paused);
  expect(moved(state, instance_id, { state: 'failed', source: 'terminal' })).toHaveLength(1);
});

test('one that is let go on before it was frozen stays what it is', () => {
  expect(claude(to('waiting'), asked, askedOn, resumed)).toMatchObject({ hold: null, state: { kind: 'waiting' } });
  expect(claude(to('waiting'), askedOn)).toMatchObject({ hold: null });
});

test('one that is paused again while it is about to go on keeps what it goes back to', () => {
  const again = claude(to('working'), asked, paused, askedOn, asked, paused);
  expect(again).toMatchObject({ hold: 'frozen', state: { kind: 'paused' }, paused_from: { kind: 'working' } });
});

test('a new program of a held instance is to be frozen too, but not that of one that is started again', () => {
  const restart: EventDraft = { type: 'instance.restart_requested', data: { instance_id, fresh: false } };
  expect(claude(to('working'), asked, paused, started(2))).toMatchObject({ hold: 'pausing', paused_from: null });
  expect(claude(to('working'), asked, paused, restart)).toMatchObject({ hold: null, paused_from: null });
  expect(claude(to('working'), asked, paused, restart, started(2))).toMatchObject({ hold: null });
  const stop: EventDraft = { type: 'instance.stop_requested', data: { instance_id, force: true, remove: false } };
  expect(claude(to('working'), asked, paused, stop)).toMatchObject({ hold: null, state: { kind: 'stopping' } });
});
