import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listenForGuests, removeLeftDoor } from '../../src/link/guest-door.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'door-'));
});
afterAll(() => rm(root, { recursive: true }));

test('[TMX-9] a door that somebody keeps open stays when another swarm, restored from a backup, takes it for a left one', async () => {
  const address = join(root, 'open', 'door');
  const door = await listenForGuests(address, (link) => link.close());
  await removeLeftDoor(address);
  expect(existsSync(address)).toBe(true);
  await door.close();
  expect(existsSync(dirname(address))).toBe(false);
});

test('[TMX-9] the door of a process that was killed is taken away', async () => {
  const address = join(root, 'left', 'door');
  await mkdir(dirname(address));
  const listen = `require('node:net').createServer().listen(process.argv[1], () => console.log('listens'))`;
  const child = spawn(process.execPath, ['-e', listen, address]);
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(existsSync(address)).toBe(true);
  await removeLeftDoor(address);
  expect(existsSync(dirname(address))).toBe(false);
  await removeLeftDoor(address);
});

test('[TMX-9] what is no door stays, whatever a backup says', async () => {
  const file = join(root, 'mine', 'letter');
  await mkdir(dirname(file));
  await writeFile(file, 'dear');
  await removeLeftDoor(file);
  await removeLeftDoor(join(file, 'below'));
  await removeLeftDoor(join(dirname(file), 'nothing'));
  expect(existsSync(file)).toBe(true);
});
