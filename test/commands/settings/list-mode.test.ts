import { expect, test } from 'vitest';
import { listMode } from '../../../src/commands/settings/list-mode.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { openDesk } from '../../helpers/desk.ts';

test('the modes are listed, those of the configuration last', async () => {
  const settings = settingsSchema.parse({ modes: { careful: { gates: ['npm run lint'] } } });
  const { message, data, text } = await openDesk(listMode, [], { settings }).say('list modes');
  expect(message).toBe('5 modes');
  expect((data as { name: string }[]).map(({ name }) => name)).toEqual(['beast', 'safe', 'review', 'tdd', 'careful']);
  expect(text).toMatch(/^beast +no +full +2 +0 /m);
});

test('a state is no word for a mode', async () => {
  expect((await openDesk(listMode).say('list failed modes')).exit).toBe(2);
});
