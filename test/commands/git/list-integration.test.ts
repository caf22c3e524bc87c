import { expect, test } from 'vitest';
import { listIntegration } from '../../../src/commands/git/list-integration.ts';
import { openDesk } from '../../helpers/desk.ts';
import { story } from '../../state/story.ts';

test('batches are listed with what they merged and set aside', async () => {
  const { message, data, text } = await openDesk(listIntegration, story).say('list batches');
  expect(message).toBe('1 batch');
  expect(data).toMatchObject([
    { id: 'batch-1', merged: [{ task: '1' }], set_aside: [{ task: '3', reason: 'conflict' }] },
  ]);
  expect(text).toMatch(/^batch-1 +rolled-back +1 +3 \(conflict\) +drover\/integration +c3$/m);
});

test('without a batch the list says how to make one, and a state of a batch is no word for it', async () => {
  const desk = openDesk(listIntegration);
  expect((await desk.say('list batches')).text).toBe('No batch. Merge what is done: merge completed branches');
  expect((await desk.say('list failed batches')).exit).toBe(2);
});
