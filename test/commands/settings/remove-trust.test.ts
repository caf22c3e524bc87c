import { expect, test } from 'vitest';
import { removeTrust } from '../../../src/commands/settings/remove-trust.ts';
import { openDesk } from '../../helpers/desk.ts';

const files = { project: '/r/c.json', user: '/home/ada/.config/drover.json' };
const configuration = { layers: [], files, change: () => expect.unreachable('nothing is written') };
const deskWith = (revoke: () => Promise<boolean>) => {
  const trust = {
    review: () => expect.unreachable('nobody looks'),
    powers: () => expect.unreachable('nobody looks'),
    accept: () => expect.unreachable('nothing is trusted'),
    revoke,
  };
  return openDesk(removeTrust, [], { trust, configuration });
};

test('trust is taken back when that was confirmed', async () => {
  let asked = 0;
  const desk = deskWith(async () => {
    asked += 1;
    return asked === 1;
  });
  expect((await desk.propose('revoke trust')).exit).toBe(5);
  expect(await desk.say('revoke trust')).toMatchObject({
    exit: 0,
    message: 'Nothing of /r/c.json is trusted any more.',
  });
  expect(await desk.say('revoke trust')).toMatchObject({ exit: 6, message: 'Nothing of /r/c.json was trusted.' });
});
