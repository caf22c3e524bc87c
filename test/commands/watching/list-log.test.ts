import { expect, test } from 'vitest';
import { listLog } from '../../../src/commands/watching/list-log.ts';
import { openDesk } from '../../helpers/desk.ts';
import { partOf } from '../../helpers/context.ts';
import { AT, created, instance, started } from '../../tasks/journal.ts';
import type { Context } from '../../../src/commands/define.ts';

test('a line that is found tells the task that was given last before it', async () => {
  const printed =
    'red before\n❯ Task t1: read /b/task-t1.md and do what it says.\nall red\n❯ Task gone: read x\nred again\n';
  const facts = [...instance('a-1'), created('t1'), started('t1', 'a-1')];
  const by = ['2026-01-01T00:00:05.000Z', null];
  const parts = {
    readTimedLog: async () => printed.split('\n').map((text, i) => ({ text, after: AT, by: by[i] ?? null })),
    paths: partOf<Context['paths']>({ logs: '/logs' }),
  };
  const { data, text } = await openDesk(listLog, facts, parts).say('list logs grep="red"');
  expect(data).toMatchObject([
    {
      found: ['red before', 'all red', 'red again'],
      about: [
        { task: null, since: null, after: AT, by: by[0] },
        { task: 't1', since: AT, by: null },
        { task: 't1', since: AT, by: null },
      ],
    },
  ]);
  expect(text).toContain('a-1 t1: all red');
});

test('a text that no log has is told as not found, without a table of the logs', async () => {
  const parts = {
    readLog: async () => 'all red\n',
    readTimedLog: async () => [{ text: 'all red', after: null, by: null }],
    paths: partOf<Context['paths']>({ logs: '/logs' }),
  };
  const desk = openDesk(listLog, [...instance('a-1'), ...instance('a-2')], parts);
  expect(await desk.say('list logs grep="zzzz"')).toMatchObject({
    exit: 0,
    text: '2 logs, 0 lines with “zzzz”.',
    data: [{ found: [] }, { found: [] }],
  });
  expect((await desk.say('list logs')).text).toMatch(/^INSTANCE +LAST LINE +FOLDER$/mu);
  expect((await openDesk(listLog, [], parts).say('list logs grep="zzzz"')).text).toMatch(/^No log\./u);
});

test('the last line of a log is the last one with a word: the mark of a prompt tells nothing', async () => {
  const logs: Record<string, string> = { 'c-1': 'Wrote it.\n\n\u001B[31m❯\u001B[0m \n', 'c-2': '?\n' };
  const parts = {
    readLog: async (id: string) => logs[id] ?? '',
    paths: partOf<Context['paths']>({ logs: '/logs' }),
  };
  const { data } = await openDesk(listLog, [...instance('c-1'), ...instance('c-2')], parts).say('list logs');
  expect(data).toMatchObject([{ last: 'Wrote it.' }, { last: '' }]);
});
