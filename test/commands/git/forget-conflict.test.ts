import { expect, test } from 'vitest';
import { forgetConflict } from '../../../src/commands/git/forget-conflict.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { openDesk } from '../../helpers/desk.ts';

const examined = (task: string, memory?: string): EventDraft => ({
  type: 'conflict.examined',
  data: {
    ...{ batch: 'batch-1', task, ours: 'c1', theirs: 'c2', with: [], note: null },
    files: [{ path: 'a.ts', solved: true, how: 'x', lines: 0, hunks: [], ...(memory === undefined ? {} : { memory }) }],
  },
});

const remembered = (task: string, ...keys: string[]): EventDraft => ({
  type: 'conflict.remembered',
  data: { batch: 'batch-1', task, files: keys.map((key) => ({ path: `${key}.ts`, key })) },
});

const story = [examined('t1'), remembered('t1', 'k1', 'k2'), examined('t2', 'k1'), examined('t3')];

test('what was made of a conflict is forgotten by it, and where it was used again', async () => {
  const desk = openDesk(forgetConflict, story);
  expect(await desk.say('forget conflict t2')).toMatchObject({
    exit: 0,
    message: 'Forgotten: 1 resolution of a.ts.',
    data: [{ path: 'a.ts', key: 'k1' }],
  });
  expect(await desk.say('forget conflict batch-1/t1')).toMatchObject({ message: 'Forgotten: 1 resolution of k2.ts.' });
  expect(await desk.say('forget conflict t1')).toMatchObject({ exit: 6, message: 'Nothing is remembered of that.' });
  expect(await desk.say('forget conflict t3')).toMatchObject({ exit: 6 });
  expect(await desk.say('forget conflict t9')).toMatchObject({ exit: 3 });
});

test('all of it is forgotten only when that was confirmed', async () => {
  const desk = openDesk(forgetConflict, story);
  expect(await desk.propose('forget conflicts all')).toMatchObject({
    exit: 5,
    message: 'This forgets 2 resolutions (a.ts, k2.ts).',
  });
});
