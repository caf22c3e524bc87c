import { expect, test } from 'vitest';
import { historyConfig } from '../../../src/commands/settings/history-config.ts';
import { openDesk } from '../../helpers/desk.ts';

const FILE = '/r/.drover/config.json';
const configuration = {
  layers: [],
  files: { project: FILE, user: '/home/ada/.config/drover.json' },
  change: () => expect.unreachable('nothing is written'),
};

const historyOf = (versions: readonly { version: number; at: string; by: string | null; change: string }[]) => ({
  list: async () => versions,
  inspect: () => expect.unreachable('nothing is gone back to'),
  restore: () => expect.unreachable('nothing is gone back to'),
});

const AT = '2026-01-01T00:00:00.000Z';

test('[CFG-2] the history says of each version when it was made, by whom and what it changed', async () => {
  const versions = [
    { version: 1, at: AT, by: null, change: 'as it was found' },
    { version: 2, at: AT, by: 'cli', change: 'set agent to \u001b[31mkiro' },
  ];
  const reply = await openDesk(historyConfig, [], { configuration, settingHistory: historyOf(versions) }).say(
    'history config',
  );
  expect(reply).toMatchObject({ exit: 0, message: `2 versions of ${FILE}.`, data: versions });
  expect(reply.text).toMatch(/2 +2026-01-01T00:00:00.000Z +cli +set agent to/u);
  expect(reply.text).not.toContain('\u001b[31m');
});

test('a repository whose settings nobody changed has no versions, and an agent may not look', async () => {
  const desk = openDesk(historyConfig, [], { configuration, settingHistory: historyOf([]) });
  expect((await desk.say('history')).text).toContain('was changed by a command yet');
  expect((await desk.sayAs('claude-1', 'history config')).exit).toBe(4);
});
