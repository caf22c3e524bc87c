import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openRelayShare } from '../../../src/cli/share/relay-share.ts';
import { rawGuest } from './guests.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'relay-'));
});
afterAll(() => rm(root, { recursive: true }));

test('[TMX-9] a share whose time is over ends without the daemon, which may be held up', async () => {
  const socket = join(root, 'share', 'door');
  const uid = process.getuid!();
  const share = await openRelayShare(
    {
      ...{ id: socket, socket, uid, instance: 'c-1', until: new Date(Date.now() + 10_000).toISOString() },
      ...{ log: root, size: { cols: 80, rows: 24 }, typing: null },
      secrets: { folder: join(root, 'secrets'), keyFile: join(root, 'key') },
    },
    () => undefined,
  );
  const guest = rawGuest(socket, uid);
  await guest.see('"kind":"welcome"');
  await guest.gone();
  expect(guest.last()).toMatchObject({ kind: 'end', message: 'It is shared with you no more: its time is over.' });
  await vi.waitUntil(() => !existsSync(dirname(socket)));
  await share.close('The daemon says so too.');
});
