import { expect, test } from 'vitest';
import { showLog } from '../../../src/commands/watching/show-log.ts';
import { openDesk } from '../../helpers/desk.ts';
import { instance } from '../../tasks/journal.ts';

const readLog = async (id: string) => `one\ntwo\nlast of ${id}`;

test('what the terminal of an agent showed is printed, or only its last lines', async () => {
  const desk = openDesk(showLog, instance('c-1'), { readLog });
  expect(await desk.say('show log c-1')).toMatchObject({
    message: 'one\ntwo\nlast of c-1',
    data: { instance: 'c-1', text: 'one\ntwo\nlast of c-1' },
  });
  expect((await desk.say('show log c-1 limit=2')).message).toBe('two\nlast of c-1');
});

test('an instance that is not there is an error, and two at once are refused', async () => {
  const desk = openDesk(showLog, [...instance('c-1'), ...instance('c-2')], { readLog });
  expect((await desk.say('show log c-9')).exit).toBe(3);
  expect((await desk.say('show log c-1, c-2')).exit).toBe(2);
});
