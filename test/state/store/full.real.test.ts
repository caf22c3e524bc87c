import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { openStore } from '../../../src/state/store/open.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { type Child, startChild } from './children.ts';
import { optionsIn } from './place.ts';

/** What the writer of a full disk had acknowledged and refused, after it closed by itself. */
const afterFull = async (child: Child) => {
  await child.gone;
  expect(child.errors()).toBe('');
  const said = child.said();
  return {
    certain: said.filter(({ seqs }) => seqs !== undefined).flatMap(({ ids = [] }) => ids),
    refused: said.filter(({ refused }) => refused !== undefined),
  };
};

const check = async (folder: string, { certain, refused }: Awaited<ReturnType<typeof afterFull>>): Promise<void> => {
  expect(refused[0]).toMatchObject({ refused: 'store/failed' });
  await using store = await openStore(optionsIn(folder));
  expect(certain.filter((id) => store.state.alerts[id] === undefined)).toEqual([]);
  expect(refused.flatMap(({ ids = [] }) => ids).filter((id) => store.state.alerts[id] !== undefined)).toEqual([]);
  expect(certain.length).toBeGreaterThan(0);
};

test('a file that may not grow stops the store with nothing lost and nothing half done', async () => {
  using folder = temporaryFolder('full');
  // 24 blocks of 512 bytes are less than the writer’s segments of 20 000 bytes.
  await using child = startChild(folder.path, ['write', 'f'], 'ulimit -f 24');
  const outcome = await afterFull(child);
  expect(outcome.refused[0]?.message).toContain('the file may not grow any further');
  await check(folder.path, outcome);
});

test('a disk that is full stops the store with nothing lost, and with space it goes on', async ({ skip }) => {
  using folder = temporaryFolder('full');
  const disk = `${folder.path}/disk`;
  mkdirSync(disk);
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]).status === 0;
  if (!mounted) skip('a small disk can only be mounted by root');
  try {
    {
      await using child = startChild(disk, ['write', 'f']);
      const outcome = await afterFull(child);
      expect(outcome.refused[0]?.message).toContain('the disk is full');
      spawnSync('mount', ['-o', 'remount,size=16m', disk]);
      await check(disk, outcome);
    }
    await using again = startChild(disk, ['write', 'g']);
    await vi.waitUntil(() => again.said().length > 5);
  } finally {
    spawnSync('umount', [disk]);
  }
});
