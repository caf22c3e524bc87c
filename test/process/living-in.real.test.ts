import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openProcesses } from '../../src/process/broker.ts';
import { livingIn } from '../../src/process/living-in.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const isLinux = process.platform === 'linux';

test.runIf(isLinux)(
  'git that the helper of this program runs in a folder is nobody in it, and that of others is',
  async () => {
    using folder = temporaryFolder('living-in');
    const pipe = join(folder.path, 'pipe');
    execFileSync('mkfifo', [pipe]);
    await using processes = await openProcesses({ forked: true });
    const own = processes.run({
      file: 'git',
      args: ['hash-object', pipe],
      cwd: folder.path,
      env: { PATH: process.env['PATH'] ?? '' },
    });
    // It is there when it reads.
    const writer = await open(pipe, 'w');
    const found = await livingIn(folder.path);
    await writer.close();
    expect(await own).toMatchObject({ code: 0 });
    expect(found).toEqual([]);

    // Nor is what that git runs itself, as git does for its commands that are scripts.
    const script = processes.run({
      file: 'git',
      args: ['-c', 'alias.wait=!cat', 'wait', pipe],
      cwd: folder.path,
      env: { PATH: process.env['PATH'] ?? '', HOME: folder.path },
    });
    const heard = await open(pipe, 'w');
    const ofGit = await livingIn(folder.path);
    await heard.close();
    await script;
    expect(ofGit).toEqual([]);

    // Nobody's child: what began it has ended, as where a terminal of tmux runs it.
    const begun = spawn('sh', ['-c', 'git hash-object "$0" >/dev/null &', pipe], { cwd: folder.path, stdio: 'ignore' });
    await once(begun, 'exit');
    const again = await open(pipe, 'w');
    expect((await livingIn(folder.path)).map(({ argv }) => argv.slice(0, 2))).toEqual([['git', 'hash-object']]);
    await again.close();
    await expect.poll(async () => livingIn(folder.path)).toEqual([]);
  },
);
