import { expect, test } from 'vitest';
import { helpTopic } from '../../../src/commands/help/help-topic.ts';
import { language } from '../../fixtures/signatures.ts';
import { openDesk } from '../../helpers/desk.ts';

test('help answers with the page of a command, of a noun or of a topic, and with the commands it is about', async () => {
  const desk = openDesk(helpTopic, [], { language });
  const page = await desk.say('help stop instance');
  expect([page.exit, page.message]).toEqual([0, expect.stringContaining('destructive: yes')]);
  expect(page.data).toMatchObject([{ name: 'stop instance', available: true }]);
  expect((await desk.say('help states')).message).toContain('Instances.');
  expect((await desk.say('help')).message).toContain('launch 3 instances');
  expect((await desk.sayAs('kiro-1', 'help task')).exit).toBe(0);
});

test('help on a word that nothing is called by names the nearest one', async () => {
  expect(await openDesk(helpTopic, [], { language }).say('help "stpo instance"')).toMatchObject({
    exit: 3,
    message: 'There is no help on "stpo instance".',
    hint: 'Did you mean: help stop instance',
  });
});
