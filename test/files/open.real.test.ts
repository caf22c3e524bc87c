import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { localFiles } from '../../src/files/open.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { syncedDuring } from '../helpers/synced.ts';

/** Puts a pipe and a file in each other's place, again and again. */
const SWAP = String.raw`
my ($place, $pipe, $file) = @ARGV; $| = 1; my $n = 0;
while (1) { for my $one ($pipe, $file) { link $one, "$place.new"; rename "$place.new", $place; unlink "$place.new" } print "go\n" if !$n++ }`;

test('[SEC-9] a pipe that comes in the place of a file between two looks keeps nobody waiting', async () => {
  using folder = temporaryFolder('plain');
  const at = (name: string) => join(folder.path, name);
  execFileSync('mkfifo', [at('pipe')]);
  writeFileSync(at('file'), 'text');
  const child = spawn('perl', ['-e', SWAP, at('place'), at('pipe'), at('file')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await once(child.stdout, 'data');
    const { readText, readPiece } = localFiles;
    const found = new Set<unknown>();
    // Where the machine is busy neither changes for a while.
    for (let n = 0; n < 500 || found.size < 2; n += 1) {
      found.add(await readText(at('place')));
      const piece = await readPiece(at('place'), 0, 10);
      found.add(piece && Buffer.from(piece.bytes).toString());
    }
    expect(found).toEqual(new Set(['text', null]));
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

test('[STO-2] what takes the place of somebody’s file is on the disk before that is gone', async () => {
  using folder = temporaryFolder('files');
  const file = join(folder.path, 'plan.md');
  writeFileSync(file, 'mine\n');
  const isSynced = await syncedDuring(() => localFiles.write(file, 'ours\n', 'shared'));
  expect([isSynced(file), readFileSync(file, 'utf8')]).toEqual([true, 'ours\n']);
});
