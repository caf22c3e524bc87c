import { expect, test } from 'vitest';
import { testProtocol } from '../../../src/commands/protocol/test-protocol.ts';
import { language } from '../../fixtures/signatures.ts';
import { openDesk } from '../../helpers/desk.ts';

test('a text is shown as it is understood, and nothing runs', async () => {
  const desk = openDesk(testProtocol, [], { language });
  const { message, data } = await desk.say('test protocol parse "kill rehearsal-1"');
  expect(message).toBe('verb stop, noun instance; modifiers force; parameters id=rehearsal-1; role operator');
  expect(data).toMatchObject({ says: 'stop instance rehearsal-1 force', destructive: true, available: true, phase: 1 });
  expect((await desk.say('test protocol parse "sync github"')).message).toContain('not available until phase 4');
  expect(desk.recorded()).toEqual([]);
});

test('a text that is not understood is refused with what was meant', async () => {
  expect(await openDesk(testProtocol, [], { language }).say('test protocol parse "rnu task 1"')).toMatchObject({
    exit: 2,
    hint: expect.stringContaining('run task 1'),
  });
});
