import { expect, test } from 'vitest';
import { listFailure } from '../../../src/commands/watching/list-failure.ts';
import type { Context } from '../../../src/commands/define.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { partOf } from '../../helpers/context.ts';
import { openDesk } from '../../helpers/desk.ts';
import { assigned, created, failed, instance, moved, started } from '../../tasks/journal.ts';

const broken = [
  ...instance('c-1', 'working'),
  created('1'),
  assigned('1', 'c-1'),
  started('1', 'c-1'),
  failed('1'),
  moved('c-1', 'lost'),
];

test('failed runs and lost instances are listed, and what was mended is not open any more', async () => {
  const desk = openDesk(listFailure, broken);
  const { message, data, text } = await desk.say('list failures');
  expect(message).toBe('2 failures, 2 open.');
  expect(data).toMatchObject([
    { kind: 'run', class: 'check', task: '1', attempt: 1, instance: 'c-1', open: true },
    { kind: 'instance', class: 'lost', task: null, instance: 'c-1', open: true },
  ]);
  expect(text).toMatch(/^f-\d+ +check +1 \(attempt 1\) +c-1 /m);
  desk.add({ type: 'task.reopened', data: { id: '1', reason: 'again' } });
  expect((await desk.say('list open failures')).data).toMatchObject([{ class: 'lost' }]);
  expect((await desk.say('list failures limit=1')).data).toMatchObject([{ class: 'lost' }]);
});

test('only open ones can be asked for by a state, and no failure at all is said so', async () => {
  expect((await openDesk(listFailure, broken).say('list failed failures')).exit).toBe(2);
  expect((await openDesk(listFailure).say('list failures')).text).toBe('Nothing failed.');
});

test('where the beginning of the journal is gone that is said, and an attempt keeps its number', async () => {
  const again = [assigned('1', 'c-1'), started('1', 'c-1'), failed('1')];
  const facts = [...broken, { type: 'task.reopened', data: { id: '1', reason: 'again' } } as const, ...again];
  const whole = openDesk(listFailure, facts);
  const all = (await whole.say('list failures')).data as { id: string; attempt: number | null }[];
  expect(all.map(({ attempt }) => attempt)).toEqual([1, null, 2]);
  for (const begin of [whole.events.findIndex(({ type }) => type === 'run.failed') + 1, broken.length + 2]) {
    const { state } = whole;
    const store = partOf<Context['store']>({
      state,
      async *events() {
        yield* whole.events.filter(({ seq }) => seq >= begin);
      },
    });
    const { data, hint } = await openDesk(listFailure, [], { store }).say('list failures');
    expect(data).toEqual(all.filter(({ id }) => Number(id.slice(2)) >= begin));
    expect(hint).toMatch(new RegExp(`^The journal begins with event ${begin} \\(`, 'u'));
  }
});

test('a failure that nothing has mended is listed from its task where the event that told of it is not kept', async () => {
  const whole = openDesk(listFailure, broken);
  const [told] = (await whole.say('list failures')).data as object[];
  const store = partOf<Context['store']>({
    state: whole.state,
    async *events() {
      yield { ...whole.events.at(-1)!, seq: 900 };
    },
  });
  const { data } = await openDesk(listFailure, [], { store }).say('list open failures');
  expect(data).toMatchObject([{ ...told, id: 'f-1', at: expect.any(String) }, { class: 'lost' }]);
});

test('with detailed each failure has the whole of what it said', async () => {
  const long = `${'far '.repeat(60)}end`;
  const told = [
    ...broken.slice(0, -2),
    { type: 'run.failed', data: { id: '1', failure: { class: 'check', message: long } } } as const,
  ];
  const desk = openDesk(listFailure, told);
  const whole = (text: string): boolean => text.replaceAll(/\n {4}/gu, '').includes(long);
  expect(whole((await desk.say('list failures')).text)).toBe(false);
  expect(whole((await desk.say('list failures detailed')).text)).toBe(true);
});

test('an agent that hangs is listed, once for each time, and is open as long as it does', async () => {
  const hangs: EventDraft = {
    type: 'instance.moved',
    data: { instance_id: 'c-1', state: 'stuck', source: 'drover', evidence: 'hang: no output' },
  };
  const begun = [...instance('c-1', 'working'), created('1'), assigned('1', 'c-1'), started('1', 'c-1')];
  const desk = openDesk(listFailure, [...begun, hangs, moved('c-1', 'working'), hangs]);
  const both = { kind: 'instance', class: 'hang', task: '1', attempt: 1, instance: 'c-1', message: 'hang: no output' };
  expect((await desk.say('list failures')).data).toMatchObject([
    { ...both, open: false },
    { ...both, open: true },
  ]);
  desk.add({ type: 'run.failed', data: { id: '1', failure: { class: 'hang', message: 'no output' } } });
  expect((await desk.say('list failures')).data).toMatchObject([{ class: 'hang' }, { class: 'hang' }]);
});
