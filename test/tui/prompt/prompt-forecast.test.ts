import { expect, test } from 'vitest';
import { notInstalled } from '../../../src/agents/errors.ts';
import { adapterFor } from '../../../src/agents/index.ts';
import { languageOf } from '../../../src/commands/language.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { forecast } from '../../../src/tui/prompt/prompt-forecast.ts';
import { language, settings } from '../../fixtures/signatures.ts';
import { verified } from '../../tasks/journal.ts';
import { created, moved, stateOf, task, threeAgents } from '../fake-swarm.ts';

const state = stateOf(threeAgents);
const foretold = (text: string, of = state) => forecast(text, { state: of, settings }, language);

test('[TUI-2] it is said whom a command is about and whether it asks first, as things stand', () => {
  expect(foretold('stop all instances')).toEqual({
    kind: 'ok',
    says: 'stops 3 instances: rehearsal-1, rehearsal-2, rehearsal-3',
    asks: expect.stringContaining('2 task runs end unfinished'),
  });
  expect(foretold('stop all instances --yes')).toEqual({
    kind: 'ok',
    says: 'stops 3 instances: rehearsal-1, rehearsal-2, rehearsal-3',
  });
  expect(foretold('stop idle instances')).toEqual({ kind: 'ok', says: 'stops rehearsal-3' });
  expect(foretold('stop rehearsal-1 force')).toMatchObject({
    says: 'stops rehearsal-1 · force',
    asks: expect.any(String),
  });
  const started = { instance_id: 'rehearsal-1', session: 's', pane: '%1', pid: 7 };
  const running = stateOf([{ type: 'instance.started', data: started }, moved('rehearsal-1', 'working')], state);
  expect(foretold('tell rehearsal-1 "go on"', running)).toMatchObject({ says: 'tells rehearsal-1 · "go on"' });
});

test('many are counted and the first of them named', () => {
  const many = stateOf(
    Array.from({ length: 12 }, (_, i) => [created(i + 1), moved(`rehearsal-${i + 1}`, 'idle')]).flat(),
  );
  expect(foretold('stop all instances', many)).toMatchObject({
    says: 'stops 12 instances: rehearsal-1, rehearsal-2, rehearsal-3, rehearsal-4, rehearsal-5, rehearsal-6 and 6 more',
  });
});

test('a command about nobody says so before it is run, and what an unknown name could be', () => {
  expect(foretold('stop waiting instances')).toMatchObject({ kind: 'error' });
  expect(foretold('stop rehearsal-9')).toMatchObject({
    kind: 'error',
    message: expect.stringContaining('rehearsal-9'),
  });
  expect(foretold('run blocked tasks')).toMatchObject({
    kind: 'error',
    message: 'No task can be run: none is open.',
    understood: true,
  });
});

test('a launch of an agent whose program is not here is foretold to be refused, in the words of the launch', () => {
  const of = (text: string) => forecast(text, { state, settings, workers: () => ['codex'] }, language);
  const { message, hint } = notInstalled({ ...adapterFor('claude', settings), agent: 'claude', others: ['codex'] });
  const refused = { kind: 'error', message, help: hint, understood: true };
  expect(of('launch 1 instance agent=claude')).toEqual(refused);
  expect(of('scale up instances 1 agent=claude')).toEqual(refused);
  for (const agent of ['codex', 'rehearsal'])
    expect(of(`launch 1 instance agent=${agent}`)).toMatchObject({ kind: 'ok' });
  // Who does not know what is here promises nothing else than before.
  expect(forecast('launch 1 instance agent=claude', { state, settings }, language)).toMatchObject({ kind: 'ok' });
});

test('a command that is about nothing there is yet says what it does', () => {
  expect(foretold('scale up instances 1')).toMatchObject({
    says: expect.stringMatching(/^scale up instances 1 · \S/u),
  });
  expect(foretold('launch 2')).toMatchObject({ says: expect.stringMatching(/^launch instance count=2 · Start/u) });
  expect(foretold('list tasks')).toEqual({ kind: 'ok', says: 'lists 3 tasks: 2.1, 2.2, 2.3' });
  expect(foretold('create task "Parse it"')).toMatchObject({ kind: 'ok' });
  expect(foretold('create task ""')).toEqual({ kind: 'incomplete', expects: ['words of yours, between the quotes'] });
});

test('a command that is refused whatever words it gets is said to be before they are asked for', () => {
  expect(foretold('return task 2.3 ""')).toMatchObject({
    kind: 'error',
    understood: true,
    message: (foretold('return task 2.3 "x"') as { message?: string }).message,
  });
  expect(foretold('tell rehearsal-9 ""')).toMatchObject({ message: expect.stringContaining('rehearsal-9') });
  expect(foretold('create task "" group=""')).toMatchObject({ kind: 'incomplete' });
});

test('a command that only shows the work of one task says whose', () => {
  for (const said of ['review task 2.1', 'review 2.1'])
    expect(foretold(said)).toMatchObject({ kind: 'ok', reviews: '2.1' });
  for (const said of ['review task 2.1 detailed', 'review task 2.1 commit=abc', 'show task 2.1', 'list tasks'])
    expect(foretold(said)).not.toHaveProperty('reviews');
});

test('[TUI-2] it is said who takes a task that is run, where the planner gives it to somebody at once', () => {
  const said = (text: string, more: object = {}, of = [...threeAgents, task('2.4', 'Write it down')]): unknown => {
    const chosen = settingsSchema.parse({ agent: 'rehearsal', ...more });
    return (forecast(text, { state: stateOf(of), settings: chosen }, languageOf(chosen)) as { says?: string }).says;
  };
  expect(said('run task 2.4')).toBe('runs 2.4 · rehearsal-3 takes it');
  expect(said('run task 2.4 on=rehearsal-3')).toBe('runs 2.4 · rehearsal-3 takes it');
  // It waits for one that is busy, for somebody to assign it, or until the swarm goes on.
  expect(said('run task 2.4 on=rehearsal-1')).toBe('runs 2.4');
  expect(said('run task 2.4', { plan: { strategy: 'manual' } })).toBe(
    '2.4 waits for somebody to assign it, because plan.strategy is manual: assign task 2.4 to …',
  );
  const facts = [...threeAgents, task('2.4', 'Write it down')];
  expect(said('run task 2.4', {}, [...facts, { type: 'swarm.paused', data: {} }])).toBe(
    'runs 2.4 · the swarm is paused: to let tasks start, say: resume swarm',
  );
  const two = [...facts, created(4, 'codex'), moved('codex-4', 'idle')];
  expect(said('run task 2.4', {}, two)).toBe('runs 2.4 · rehearsal-3 takes it');
  expect(said('run task 2.4', { agent: 'codex' }, two)).toBe('runs 2.4 · codex-4 takes it');
  expect(said('run task 2.4 agent=codex', {}, two)).toBe('runs 2.4 · codex-4 takes it');
});

test('what is not whole, or not understood, stays as the language says it', () => {
  expect(foretold('rnu')).toMatchObject({ kind: 'error', suggestion: 'run' });
  expect(foretold('launch inst')).toMatchObject({ kind: 'incomplete' });
  expect(foretold('launch 3 instances count=x')).toMatchObject({ kind: 'error' });
  expect(foretold('set task 2.1 priority=odd')).toMatchObject({ kind: 'error', understood: false });
});

test('[TUI-2] what a decision about work is refused for is said before it is made', () => {
  expect(foretold('approve tasks 2.1, 2.2, 2.3')).toMatchObject({
    kind: 'error',
    message: 'This takes one task, and 3 are named: 2.1, 2.2, 2.3.',
    understood: true,
  });
  expect(foretold('approve task 2.3')).toMatchObject({ kind: 'error', message: '2.3 has not been run.' });
  expect(foretold('approve task 2.1')).toMatchObject({
    kind: 'error',
    message: expect.stringMatching(/^2\.1 is running;/u),
  });
  const done = stateOf([verified('2.1')], state);
  expect(foretold('approve task 2.1', done)).toEqual({ kind: 'ok', says: 'approves 2.1' });
  const approved = stateOf([{ type: 'review.approved', data: { task: '2.1', commit: 'abc', by: 'me' } }], done);
  expect(foretold('approve task 2.1', approved)).toMatchObject({
    kind: 'error',
    message: expect.stringContaining('2.1 is approved already, at '),
  });
});

test('[TUI-2] a task that cannot be given to an instance is not said to be given', () => {
  const stopped = stateOf([moved('rehearsal-3', 'stopped')], state);
  for (const said of ['assign task 2.3 to rehearsal-3', 'run tasks 2.1, 2.2, 2.3 on=rehearsal-3'])
    expect(foretold(said, stopped), said).toMatchObject({ kind: 'error' });
  expect(foretold('assign task 2.3 to rehearsal-3', stopped)).toMatchObject({
    message: 'rehearsal-3 is stopped; it takes no tasks.',
  });
});

test('[TUI-2] a merge of nothing is not said to merge', () => {
  const ended = stateOf([verified('2.1')], state);
  expect(foretold('merge branch comp', ended)).toMatchObject({
    kind: 'error',
    message: expect.stringMatching(/^There is no branch of a task "comp"/u),
  });
  expect(foretold('merge branch 2.1', ended)).toMatchObject({ kind: 'ok' });
  expect(foretold('merge failed branches', ended)).toMatchObject({ kind: 'error', message: expect.any(String) });
  expect(foretold('merge completed branches')).toMatchObject({
    kind: 'error',
    message: expect.stringMatching(/^No finished branch waits to be merged/u),
  });
  expect(foretold('merge completed branches', ended)).toMatchObject({ kind: 'ok' });
});

test('a merge says of which work it is foreseen that it conflicts with what is merged already', () => {
  const clash: EventDraft = {
    type: 'conflict.predicted',
    data: {
      ...{ id: '2.1/integration', policy: 'warn', paused: null },
      ...{ instances: ['2.1', 'integration'], tasks: ['2.1', null] },
      files: [{ path: 'app.txt', kind: 'contents', lines: [[[5, 5]], [[5, 5]]] }],
    },
  };
  expect(foretold('merge completed branches', stateOf([verified('2.1'), clash], state))).toMatchObject({
    says: 'tries to merge 2.1; 2.1 would conflict with what is merged already',
  });
});

test('a merge that brings a branch forward says what is merged first', () => {
  expect(foretold('merge completed branches to=main')).toEqual({
    kind: 'ok',
    says: 'brings main forward to what is merged, where it lacks that',
    asks: expect.any(String),
    mayFail: true,
  });
  const ended = stateOf([verified('2.1'), verified('2.2')], state);
  const says = 'merges up to 2 tasks: 2.1, 2.2, then brings main forward to what is merged';
  expect(foretold('merge completed branches to=main', ended)).toEqual({
    ...{ kind: 'ok', says, asks: expect.any(String) },
    mayFail: true,
  });
  expect(foretold('merge completed branches to=main yes', ended)).toEqual({ kind: 'ok', says, mayFail: true });
});
