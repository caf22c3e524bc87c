import { existsSync, mkdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { locate } from '../../src/client/locate.ts';
import { borrowedObjects } from '../../src/lib/paths.ts';
import { daemonRepository } from '../helpers/daemon.ts';
import { runMain } from '../helpers/io.ts';

test.each([
  ['status'],
  ['daemon', 'status'],
  ['daemon', 'start'],
  ['health'],
  ['backup', 'create', 'swarm.backup'],
  ['backup', 'restore', 'swarm.backup'],
])(
  '[SEC-9] in the sandbox of an agent "drover %s" says that the daemon is not reached from there, and starts none',
  async (...argv) => {
    await using repository = daemonRepository();
    const { root, env } = repository;
    const paths = locate(root, env);
    // What a sandbox lays over the folder of the daemon is all that tells a program where it is.
    mkdirSync(borrowedObjects(paths.commonDir), { recursive: true });
    const { exit, stderr } = await runMain(argv, { cwd: root, env });
    expect(exit).toBe(7);
    expect(stderr).toContain('This program is in the sandbox of an agent, where the daemon is not reached');
    expect(stderr).toContain('Say it outside');
    expect(stderr).not.toContain('doctor');
    expect([existsSync(paths.socket), existsSync(paths.daemonLog)]).toEqual([false, false]);
  },
);
