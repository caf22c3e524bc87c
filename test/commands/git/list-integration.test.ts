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

test('a batch that brought a branch forward says which, from where and to where, and counts no merges that there were none of', async () => {
  const batch = (id: string) => ({ id, target: 'drover/integration', base_commit: 'b2'.repeat(20), tasks: [] });
  const [from_commit, to_commit] = ['a1'.repeat(20), 'b2'.repeat(20)];
  const desk = openDesk(listIntegration, [
    { type: 'batch.started', data: { ...batch('batch-1'), deliver_to: 'main' } },
    { type: 'batch.delivering', data: { id: 'batch-1', branch: 'main', from_commit, to_commit } },
    { type: 'batch.delivered', data: { id: 'batch-1' } },
    { type: 'batch.finished', data: { id: 'batch-1' } },
    { type: 'batch.started', data: { ...batch('batch-2'), deliver_to: 'release' } },
    { type: 'batch.delivery_refused', data: { id: 'batch-2', problem: 'it is not there any more' } },
    { type: 'batch.finished', data: { id: 'batch-2' } },
  ]);
  const { text } = await desk.say('list batches');
  expect(text).toMatch(/^BATCH +STATE +MERGED +SET ASIDE +BRANCH +COMMIT +DELIVERED$/m);
  expect(text).toMatch(/^batch-1 +finished +– +drover\/integration +b2b2b2b2b2 +main from a1a1a1a1a1$/m);
  expect(text).toMatch(/^batch-2 +finished +– +drover\/integration +b2b2b2b2b2 +release \(refused\)$/m);
});
