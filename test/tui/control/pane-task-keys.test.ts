import { expect, test } from 'vitest';
import type { EventDraft } from '../../../src/state/index.ts';
import { initialScreen } from '../../../src/tui/model/screen-state.ts';
import { paneFrameOf } from '../../../src/tui/panes/pane-frame.ts';
import { forecast } from '../../../src/tui/prompt/prompt-forecast.ts';
import { language, settings } from '../../fixtures/signatures.ts';
import { created, moved, started, stateOf, task } from '../fake-swarm.ts';
import { modelOf } from '../panels/draw-panel.ts';
import { keyContext } from './key-context.ts';
import { key, pressAll } from './press-keys.ts';

const verified = (id: string): EventDraft => ({
  type: 'run.verified',
  data: {
    id,
    result: { head_commit: 'b', commits: 1, files: 1, insertions: 1, deletions: 0, check_ms: 1, check_output: '' },
  },
});
const base = [created(1), moved('rehearsal-1', 'idle'), task('t1', 'One')];

/** What keys of the panes say after these facts, a command or a note. */
const said = (keys: string, ...drafts: readonly (EventDraft | readonly EventDraft[])[]) => {
  const screen = { ...initialScreen(['rehearsal-1']), focus: 'panes' as const };
  const state = stateOf([...base, ...drafts.flat()]);
  const hint = (text: string) => forecast(text, { state, settings }, language);
  const context = keyContext({ ids: ['rehearsal-1'], state, hint });
  return [...keys].map((name) => {
    const { screen: after, effects } = pressAll(screen, [key(name)], context);
    const [effect] = effects;
    return effect?.kind === 'run' ? effect.text : after.commands.message?.text;
  });
};

test('keys of a pane speak of the task that its agent has, or had last', () => {
  expect(said('dbxsm', started('t1', 'rehearsal-1'))).toEqual([
    'show diff t1',
    'show brief t1',
    'cancel task t1',
    'no task of this agent has failed',
    'no work of this agent waits to be merged',
  ]);
  expect(said('mx', started('t1', 'rehearsal-1'), verified('t1'))).toEqual([
    'merge branch t1',
    'this agent has no task',
  ]);
  const failed: EventDraft = { type: 'run.failed', data: { id: 't1', failure: { class: 'check', message: 'x' } } };
  expect(said('s', started('t1', 'rehearsal-1'), failed)).toEqual(['retry task t1']);
  expect(said('dM')).toEqual(['this agent has had no task yet', 'No finished branch waits to be merged.']);
});

test('of a task that went on with another agent the keys show its work, and do nothing to it', () => {
  const failed: EventDraft = { type: 'run.failed', data: { id: 't1', failure: { class: 'hang', message: 'x' } } };
  const reopened: EventDraft = { type: 'task.reopened', data: { id: 't1', reason: 'elsewhere' } };
  const elsewhere = [started('t1', 'rehearsal-1'), failed, reopened, started('t1', 'rehearsal-2')];
  expect(said('dx', ...elsewhere)).toEqual(['show diff t1', 'this agent has no task']);
  expect(said('m', ...elsewhere, verified('t1'))).toEqual(['no work of this agent waits to be merged']);
  expect(said('s', ...elsewhere, failed)).toEqual(['no task of this agent has failed']);
});

/** The task whose work R opens, on the pane of the only agent. */
const reviewed = (...drafts: readonly (EventDraft | readonly EventDraft[])[]): string | null => {
  const screen = { ...initialScreen(['rehearsal-1']), focus: 'panes' as const };
  const state = stateOf([...base, ...drafts.flat()]);
  const { tabs } = pressAll(screen, [key('R')], keyContext({ ids: ['rehearsal-1'], state })).screen;
  return tabs.states.review.subject;
};

test('R opens the work of the task that the frame of the agent tells of', () => {
  const two = [task('t2', 'Two'), started('t2', 'rehearsal-1')].flat();
  const finished = [started('t1', 'rehearsal-1'), verified('t1')].flat();
  const alert: EventDraft = {
    type: 'alert.raised',
    data: {
      ...{ id: 'failed:t2', severity: 'error', text: 't2 failed', suggestion: 'show failure t2' },
      ...{ instance: 'rehearsal-1', task: 't2' },
    },
  };
  const fails: EventDraft = { type: 'run.failed', data: { id: 't2', failure: { class: 'check', message: 'x' } } };
  const asks = [moved('rehearsal-1', 'working'), moved('rehearsal-1', 'waiting', 'Which one?')];
  expect(reviewed(finished, two, fails, alert, moved('rehearsal-1', 'idle'))).toBe('t2');
  expect(reviewed(finished, two, asks)).toBe('t2');
  // Where neither stands there, what waits for a review comes first.
  expect(reviewed(finished, two, verified('t2'))).toBe('t1');
});

test('the task whose failure stands in the frame of an agent is tried again, also after it has done another one', () => {
  const failed: readonly EventDraft[] = [
    { type: 'run.failed', data: { id: 't1', failure: { class: 'check', message: 'x' } } },
    {
      type: 'alert.raised',
      data: {
        ...{ id: 'failed:t1', severity: 'error', text: 't1 failed', suggestion: 'show failure t1' },
        ...{ instance: 'rehearsal-1', task: 't1' },
      },
    },
  ];
  const next = [task('t2', 'Two'), started('t2', 'rehearsal-1'), verified('t2')].flat();
  expect(said('sdb', started('t1', 'rehearsal-1'), failed, next)).toEqual([
    'retry task t1',
    'show diff t1',
    'show brief t1',
  ]);
  const frame = paneFrameOf(
    modelOf([...base, ...started('t1', 'rehearsal-1'), ...failed, ...next]),
    stateOf(base).instances['rehearsal-1']!,
    100,
  );
  expect(frame.note.map(({ text }) => text).join('')).toContain('✖ t1 failed');
  const again: EventDraft = { type: 'task.reopened', data: { id: 't1', reason: 'again' } };
  expect(said('s', started('t1', 'rehearsal-1'), failed, next, again)).toEqual(['no task of this agent has failed']);
});
