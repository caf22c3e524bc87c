import { expect, test } from 'vitest';
import { stopInstance } from '../../../src/commands/instances/stop-instance.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { openDesk } from '../../helpers/desk.ts';
import { instance, moved } from '../../tasks/journal.ts';

test('where those at work are to be ended and none is, it says who is there all the same', async () => {
  const idle = ['c-1', 'c-2', 'c-3'].flatMap((id) => instance(id));
  const told = async (text: string, ...facts: readonly EventDraft[]) => {
    const { exit, message, hint } = await openDesk(stopInstance, facts).say(text);
    return [exit, message, hint];
  };
  const hint = 'To end those as well: stop all instances';
  for (const text of ['please halt all active processes', 'stop all running threads'])
    expect(await told(text, ...idle)).toEqual([3, 'No instance is at work; 3 are idle.', hint]);
  expect(await told('stop running instances', ...idle, moved('c-3', 'paused'))).toEqual([
    ...[3, 'No instance is at work; 2 are idle, 1 is paused.'],
    hint,
  ]);
  expect((await told('stop running instances'))[1]).toBe('No instance is running.');
  expect((await told('stop failed instances', ...idle))[1]).toBe('No instance is failed.');
});
