import { expect, test } from 'vitest';
import { testIntegration } from '../../../src/commands/git/test-integration.ts';
import type { ConflictTrial } from '../../../src/text/conflict-trial.ts';
import { openDesk } from '../../helpers/desk.ts';

const trial: ConflictTrial = {
  rows: [
    { fixture: 'package.json', strategy: 'union', outcome: 'by itself', how: 'merged key by key' },
    { fixture: 'src/app.txt', strategy: 'union', outcome: 'resolved', how: 'as it was chosen: the lines of both' },
    { fixture: 'image.bin', strategy: 'union', outcome: 'handed over', how: 'it has no lines' },
  ],
  markers: 0,
};

const deskWith = (result: ConflictTrial) => {
  const said: (readonly string[])[] = [];
  const rehearse = async (argv: readonly string[]) => {
    said.push(argv);
    return result;
  };
  return { said, desk: openDesk(testIntegration, [], { rehearse }) };
};

test('[QUA-5] the bare word tries every strategy, a named one only that, and the table says what became of each conflict', async () => {
  const { said, desk } = deskWith(trial);
  const reply = await desk.say('test integration merge-conflicts resolution-strategy=union');
  expect([reply.exit, reply.message]).toEqual([
    0,
    '2 of 3 conflicts were resolved, 1 of them by themselves, 1 handed over; no commit has a marker.',
  ]);
  expect(reply.text).toMatch(/union +image\.bin +handed over +it has no lines/u);
  await desk.say('test integration merge-conflicts resolution-strategy');
  await desk.say('test integration merge-conflicts');
  expect(said).toEqual([
    ['rehearse', '--conflicts', 'union', '--json'],
    ['rehearse', '--conflicts', '--json'],
    ['rehearse', '--conflicts', '--json'],
  ]);
});

test('a marker in a commit is bad news, and another strategy or test there is not', async () => {
  const { desk } = deskWith({ ...trial, markers: 1 });
  expect(await desk.say('test integration merge-conflicts')).toMatchObject({
    exit: 1,
    message: expect.stringContaining('1 commit with a marker'),
  });
  expect((await desk.say('test integration merge-conflicts resolution-strategy=coin')).exit).toBe(2);
  expect((await desk.say('test integration floods')).exit).toBe(2);
});
