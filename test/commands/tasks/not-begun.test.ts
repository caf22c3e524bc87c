import { expect, test } from 'vitest';
import { assignTask } from '../../../src/commands/tasks/assign-task.ts';
import { retryTask } from '../../../src/commands/tasks/retry-task.ts';
import { runTask } from '../../../src/commands/tasks/run-task.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { forecast } from '../../../src/tui/prompt/prompt-forecast.ts';
import { languageOf, openDesk } from '../../helpers/desk.ts';
import { created, failed, instance, requested, started } from '../../tasks/journal.ts';

const COMMANDS = [runTask, retryTask];
const held = (id: string): EventDraft => ({ type: 'task.held', data: { id, held: true } });
const release = 'is held back: to let it begin, say: resume task';
const manual = { settings: settingsSchema.parse({ agent: 'rehearsal', plan: { strategy: 'manual' } }) };

test('a task that is held back is not said to start, and nobody is launched for it', async () => {
  const facts = [created('t1'), held('t1')];
  const empty = openDesk(COMMANDS, facts);
  expect(await empty.say('run task t1')).toMatchObject({ exit: 0, message: `t1 ${release} t1` });
  expect(Object.keys(empty.state.instances)).toEqual([]);
  // It is asked for, so that it begins once it is let go.
  expect(empty.state.tasks['t1']).toMatchObject({ requested: true, held: true });
  const desk = openDesk(COMMANDS, [
    ...instance('c-1'),
    ...facts,
    created('t2'),
    created('t3', { dependencies: ['t2'] }),
  ]);
  expect((await desk.say('run all tasks')).message).toBe(
    `1 task starts, 1 follows as prerequisites finish. t1 ${release} t1`,
  );
});

test('who waits for a task that is held back is answered at once', async () => {
  const desk = openDesk(COMMANDS, [...instance('c-1'), created('t1'), held('t1')]);
  expect(await desk.say('run task t1 wait')).toMatchObject({
    exit: 1,
    message: `t1 did not get done. t1 ${release} t1`,
  });
});

test('who waits for a task that follows one that is held back is told which', async () => {
  const follows = (id: string, before: string): EventDraft => created(id, { dependencies: [before] });
  const asked: EventDraft = { type: 'task.requested', data: { ids: ['t1', 't2'] } };
  const facts = [created('t1'), follows('t2', 't1'), follows('t3', 't2'), asked, held('t1')];
  const desk = openDesk(COMMANDS, [...instance('c-1'), ...facts]);
  expect(await desk.say('run task t3 wait')).toMatchObject({
    exit: 1,
    message: `t3 did not get done. t1 ${release} t1`,
  });
});

test('a task that is held back is not said to be tried again', async () => {
  const ran = (id: string): EventDraft[] => [created(id), started(id, 'c-1'), failed(id)];
  const desk = openDesk(COMMANDS, [...instance('c-1'), ...ran('t1'), ...ran('t2'), held('t1')]);
  expect((await desk.say('retry tasks t1, t2')).message).toBe(`Retrying t2. t1 ${release} t1`);
});

test('where people hand out the tasks none is said to start by itself', async () => {
  const facts = [...instance('c-1'), created('t1'), created('t2'), created('t3'), started('t3', 'c-1'), failed('t3')];
  const desk = openDesk(COMMANDS, facts, manual);
  const why = 'because plan.strategy is manual: assign task';
  expect((await desk.say('run tasks t1, t2')).message).toBe(`t1, t2 wait for somebody to assign them, ${why} t1 to …`);
  expect((await desk.say('retry task t3')).message).toBe(`t3 waits for somebody to assign it, ${why} t3 to …`);
  expect(await desk.say('run task t1 wait')).toMatchObject({
    exit: 6,
    message: 'plan.strategy is manual; no task starts by itself, so there is nothing to wait for.',
  });
  expect((await openDesk(COMMANDS, facts, manual).say('run task t1 on=c-1')).message).toBe('1 task starts.');
  // What waits for another task follows by itself no more than that begins, and is given to somebody as well.
  const busy = [...instance('c-1'), created('t1'), started('t1', 'c-1'), created('t2', { dependencies: ['t1'] })];
  expect((await openDesk(COMMANDS, busy, manual).say('run task t2')).message).toBe(
    `t2 waits for somebody to assign it, ${why} t2 to …`,
  );
});

test('where people hand out the tasks it is not foretold that any runs', () => {
  const { state } = openDesk(COMMANDS, [...instance('c-1'), created('t1'), created('t2', { dependencies: ['t1'] })]);
  const says = (line: string) => forecast(line, { state, settings: manual.settings }, languageOf(COMMANDS));
  const wait = 't1, t2 wait for somebody to assign them, because plan.strategy is manual: assign task t1 to …';
  expect(says('run tasks t1, t2')).toMatchObject({ says: wait });
  expect(says('run task t1 on=c-1')).toMatchObject({ says: 'runs t1 · c-1 takes it' });
});

test('who waits for tasks that do not get done is told why, and what helps', async () => {
  const disk: EventDraft = { type: 'run.failed', data: { id: 't2', failure: { class: 'disk', message: 'no\nspace' } } };
  const desk = openDesk([runTask], [...instance('c-1'), created('t1'), created('t2')], {
    reacting: () => [started('t1', 'c-1'), failed('t1'), started('t2', 'c-1'), disk],
  });
  expect(await desk.say('run tasks t1, t2 wait')).toMatchObject({
    exit: 1,
    message: 't1, t2 did not get done. t1 failed (check): it failed. t2 failed (disk): no space.',
    hint: 'Suggested: show failure t1, or show failure t2',
    data: { reasons: { t1: 't1 failed (check): it failed', t2: 't2 failed (disk): no space' } },
  });
});

test('what waits for a task that was given up is neither run nor launched for, however far back that is', async () => {
  const follows = (id: string, before: string): EventDraft => created(id, { dependencies: [before] });
  const archived: EventDraft = { type: 'task.archived', data: { id: 't1', archived: true } };
  const cancelled: EventDraft = { type: 'task.cancelled', data: { id: 't1' } };
  const plan = [created('t1'), follows('t2', 't1'), follows('t3', 't2'), requested('t1', 't2', 't3')];
  for (const [fact, word, help] of [
    [archived, 'archived', 'To do it once more, first: unarchive task t1'],
    [cancelled, 'cancelled', 'To do it once more: retry task t1'],
  ] as const) {
    const desk = openDesk(COMMANDS, [...plan, fact]);
    expect(await desk.say('run all tasks')).toMatchObject({
      message: `t2, t3 do not begin: they wait for t1 (${word}).`,
      data: { launched: [] },
    });
    const waits = (id: string) => `${id} waits for t1: t1 ${word === 'archived' ? 'is' : 'was'} ${word}.`;
    expect(await desk.say('run all tasks wait')).toMatchObject({
      exit: 1,
      message: `t2, t3 did not get done. ${waits('t2')} ${waits('t3')}`,
    });
    expect(await desk.say('run task t2')).toMatchObject({ exit: 6, hint: help });
    expect(await desk.say('run task t3')).toMatchObject({ exit: 6, hint: help });
    const foretold = forecast('run task t3', { state: desk.state, settings: manual.settings }, languageOf(COMMANDS));
    expect(foretold).toMatchObject({ kind: 'error', help });
  }
});

test('what waits for a task that nobody runs is not said to follow, before and after', async () => {
  const follows = (id: string, before: string): EventDraft => created(id, { dependencies: [before] });
  const facts = [created('t2'), follows('t3', 't2'), follows('t4', 't3'), created('t5'), follows('t6', 't5')];
  const desk = openDesk(COMMANDS, [...instance('c-1'), ...facts]);
  const standing = { state: desk.state, settings: manual.settings };
  const auto = { ...standing, settings: settingsSchema.parse({ agent: 'rehearsal' }) };
  const stay = 't3, t4 do not begin: they wait for t2 (not run).';
  expect(forecast('run all tasks except t2', auto, languageOf(COMMANDS))).toMatchObject({
    says: `runs 2 tasks: t5, t6 · ${stay}`,
  });
  expect((await desk.say('run all tasks except t2')).message).toBe(
    `1 task starts, 1 follows as prerequisites finish. ${stay}`,
  );
  const cancelled: EventDraft = { type: 'task.cancelled', data: { id: 't2' } };
  const { state } = openDesk(COMMANDS, [...instance('c-1'), ...facts, cancelled]);
  expect(forecast('run all tasks', { ...auto, state }, languageOf(COMMANDS))).toMatchObject({
    says: 'runs 2 tasks: t5, t6 · t3, t4 do not begin: they wait for t2 (cancelled).',
  });
  const empty = openDesk(COMMANDS, [created('t5'), created('t6')]);
  expect(forecast('run all tasks', { ...auto, state: empty.state }, languageOf(COMMANDS))).toMatchObject({
    says: 'runs 2 tasks: t5, t6 · launches rehearsal',
  });
});

test('what is given to an agent before it can begin is said to wait, before and after', async () => {
  const facts = [created('t4'), created('t6', { dependencies: ['t4'] })];
  const assigning = [...COMMANDS, assignTask];
  const language = languageOf(assigning);
  const settings = settingsSchema.parse({ agent: 'rehearsal' });
  const says = (...more: readonly EventDraft[]) => {
    const { state } = openDesk(assigning, [...instance('c-1'), ...facts, ...more]);
    return forecast('assign task t6 to c-1', { state, settings }, language);
  };
  const ran = [started('t4', 'c-1'), failed('t4')];
  expect(says()).toMatchObject({ says: 'assigns t6 to c-1 · t6 does not begin: it waits for t4 (not run).' });
  expect(says(...ran)).toMatchObject({ says: 'assigns t6 to c-1 · t6 does not begin: it waits for t4 (failed).' });
  expect(says(...ran, { type: 'task.reopened', data: { id: 't4', reason: 'x' } }, requested('t4'))).toMatchObject({
    says: 'assigns t6 to c-1 · t6 begins when t4 is done.',
  });
  const desk = openDesk(assigning, [...instance('c-1'), ...facts, ...ran]);
  expect((await desk.say('assign task t6 to c-1')).message).toBe(
    'c-1 gets t6; its queue: t6. t6 does not begin: it waits for t4 (failed).',
  );
});
