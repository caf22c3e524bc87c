import { expect, test } from 'vitest';
import { listAlert } from '../../../src/commands/watching/list-alert.ts';
import { showAlert } from '../../../src/commands/watching/show-alert.ts';
import { retryTask } from '../../../src/commands/tasks/retry-task.ts';
import { instanceAlert, taskAlert } from '../../../src/daemon/signals/alert-facts.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { personOf } from '../../helpers/context.ts';
import { openDesk } from '../../helpers/desk.ts';
import { created, instance, moved, started } from '../../tasks/journal.ts';

const alert = (id: string, severity: 'error' | 'info' = 'error') =>
  ({
    type: 'alert.raised',
    data: { id, severity, text: `about ${id}`, suggestion: 'retry task 1', instance: null, task: null },
  }) as const;

test('alerts are listed with the command that helps', async () => {
  const { message, data, text } = await openDesk(listAlert, [alert('disk'), alert('load', 'info')]).say('list alerts');
  expect([message, data]).toMatchObject([
    '1 needs you, 1 to know.',
    [
      { id: 'disk', severity: 'error', need: 'failure' },
      { id: 'load', need: null },
    ],
  ]);
  expect(text).toMatch(/^disk +failure +about disk +retry task 1$/m);
  expect(text).toMatch(/^load +to know +about load +retry task 1$/m);
});

const failTwice = (): EventDraft[] =>
  [1, 2].flatMap((): EventDraft[] => [
    started('t1', 'c-1'),
    { type: 'run.failed', data: { id: 't1', failure: { class: 'crash', message: 'x' } } },
    taskAlert('t1', { class: 'crash', message: 'x' }, 'c-1'),
  ]);

test('[TUI-6] it lists what the screen does, a question without an alert as well, and proposes the same', async () => {
  const desk = openDesk(
    [listAlert, showAlert],
    [
      ...instance('c-1'),
      created('t1'),
      ...failTwice(),
      ...instance('c-2'),
      instanceAlert('c-2', 'c-2 was slow', { severity: 'info' }),
      ...instance('c-3'),
      { type: 'instance.moved', data: { instance_id: 'c-3', state: 'waiting', source: 'hook', question: 'Which?' } },
    ],
  );
  const { data } = await desk.say('list alerts');
  expect((data as { id: string; need: string; suggestion: string }[]).map((one) => Object.values(one))).toEqual([
    expect.arrayContaining(['waiting:c-3', 'question', 'c-3 asks: Which?', 'answer c-3 "…"']),
    // Trying it again led there twice, and the agent runs.
    expect.arrayContaining(['failed:t1', 'failure', 'show failure t1']),
    expect.arrayContaining(['instance:c-2', null, 'show instance c-2']),
  ]);
  expect((await desk.say('show alert failed:t1')).text).toMatch(/\nSuggested: show failure t1$/u);
  expect((await desk.say('show alert waiting:c-3')).text).toContain('c-3 asks: Which?');
});

test('a question counts once, however many alerts tell of it', async () => {
  const told = (id: string, severity: 'warning' | 'error'): EventDraft => ({
    type: 'alert.raised',
    data: { id, severity, text: `${id} text`, suggestion: 'answer c-1 "…"', instance: 'c-1', task: null },
  });
  const facts = [...instance('c-1'), moved('c-1', 'waiting'), told('waiting:c-1', 'warning')];
  const desk = openDesk([listAlert, showAlert], [...facts, told('unanswered:c-1', 'error')]);
  expect(await desk.say('list alerts')).toMatchObject({ message: '1 needs you.', data: [{ id: 'waiting:c-1' }] });
  // The other one is there for who names it.
  expect((await desk.say('show alert unanswered:c-1')).data).toMatchObject({ suggestion: 'answer c-1 "…"' });
});

test('[SEC-1] a suggestion that its reader is refused is not listed', async () => {
  const desk = openDesk([listAlert, showAlert, retryTask], [alert('disk')]);
  const viewer = personOf('ada', 'viewer');
  const listed = await desk.sayBy(viewer, 'list alerts');
  expect(listed.text).not.toContain('retry');
  expect(listed.data).toMatchObject([{ id: 'disk', suggestion: 'show alert "disk"' }]);
  expect((await desk.sayBy(viewer, 'show alert disk')).data).toMatchObject({ suggestion: null, suggestions: [] });
  const operator = await desk.sayBy(personOf('ada', 'operator'), 'show alert disk');
  expect(operator.data).toMatchObject({ suggestion: 'retry task 1', suggestions: [{ command: 'retry task 1' }] });
});

test('without an alert nothing needs anybody, and an agent may not ask', async () => {
  expect((await openDesk(listAlert).say('list alerts')).text).toBe('Nothing needs you.');
  expect((await openDesk(listAlert).sayAs('c-1', 'list alerts')).exit).toBe(4);
});
