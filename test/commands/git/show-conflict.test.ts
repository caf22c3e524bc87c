import { expect, test } from 'vitest';
import { showConflict } from '../../../src/commands/git/show-conflict.ts';
import { openDesk } from '../../helpers/desk.ts';
import { story } from '../../state/story.ts';

const radar = { now: () => [], looks: () => new Map() };

test('a conflict is shown with its files, and said to be over when it is', async () => {
  const { message, data } = await openDesk(showConflict, story, { radar }).say('show conflict batch-1/3');
  expect(message).toBe('batch-1/3: both edit it (over)\n  a.ts');
  expect(data).toMatchObject({ kind: 'merge', batch: 'batch-1', task: '3', open: false });
});

test('a conflict that is not there is an error that names those that are', async () => {
  const reply = await openDesk(showConflict, story, { radar }).say('show conflict batch-1/4');
  expect([reply.exit, reply.hint]).toEqual([3, 'Did you mean batch-1/3? Known: batch-1/3.']);
});
