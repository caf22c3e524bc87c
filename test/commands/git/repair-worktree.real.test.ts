import { cpSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { BUILT, sayAs, startDaemon } from '../../daemon/process.ts';
import { openSwarm } from '../../helpers/swarm.ts';
import { instanceIs, worktreeAt } from '../stage.ts';

test('the folder of a stopped instance that was moved by hand is its own again, and it goes on there', async () => {
  await using swarm = await openSwarm();
  const [place, moved] = [worktreeAt(swarm, 'rehearsal-1'), join(swarm.root, '..', 'moved')];
  await swarm.say('launch 1 instance');
  await swarm.say('stop instance rehearsal-1');
  renameSync(place, moved);
  expect(await swarm.say('repair worktree ../moved')).toMatchObject({
    exit: 0,
    message: `Repaired rehearsal-1, now at ${moved}.`,
  });
  expect((await swarm.say('list worktrees')).data).toMatchObject([{ name: 'rehearsal-1', path: moved }]);
  await swarm.say('restart instance rehearsal-1');
  await instanceIs(swarm, 'rehearsal-1', 'idle');
  expect((await swarm.state()).instances['rehearsal-1']?.workspace_path).toBe(moved);
});

test('a link that was broken is mended; a copy and a foreign folder are refused', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create worktree scratch');
  const place = worktreeAt(swarm, 'scratch');
  cpSync(place, join(swarm.root, '..', 'copy'), { recursive: true });
  expect(await swarm.say('repair worktree ../copy')).toMatchObject({ exit: 6, data: { code: 'git/path-taken' } });
  rmSync(join(place, '.git'));
  expect(await swarm.say('repair worktree scratch')).toMatchObject({ exit: 0 });
  expect(swarm.git('-C', place, 'status', '--porcelain')).toBe('');
  expect(await swarm.say('repair worktree ../nothing')).toMatchObject({ exit: 4, data: { code: 'git/not-ours' } });
});

test.each([
  ['the same request', 'one'],
  ['another one', 'two'],
])(
  '[CLI-8] a repair is brought to its end by %s when the daemon died before it had recorded where the worktree is',
  async (_, again) => {
    await using swarm = await openSwarm();
    const { env, paths } = swarm;
    const [place, moved, deaths] = [
      worktreeAt(swarm, 'rehearsal-1'),
      join(swarm.root, '../moved'),
      join(swarm.root, '../x'),
    ];
    await swarm.say('launch 1 instance');
    await swarm.say('stop instance rehearsal-1');
    await swarm.close();
    renameSync(place, moved);
    writeFileSync(deaths, 'x\n');
    const NODE_OPTIONS = `--import=${fileURLToPath(new URL('../../fixtures/kill-at.mjs', import.meta.url))}`;
    const dying = { KILL_AT: 'append', KILL_FACT: 'instance.placed', KILL_FILE: deaths, NODE_OPTIONS };
    const line = `repair worktree "${moved}"`;
    {
      await using daemon = await startDaemon({ paths, env: { ...env, ...dying } }, ':', BUILT);
      expect(await sayAs(paths, 'one', line)).toBeUndefined();
      expect(await daemon.exited).toEqual([null, 'SIGKILL']);
    }
    await swarm.reopen();
    expect((await swarm.state()).instances['rehearsal-1']?.workspace_path).toBe(place);
    expect(await sayAs(paths, again, line)).toMatchObject({
      exit: 0,
      message: `Repaired rehearsal-1, now at ${moved}.`,
    });
    expect((await swarm.state()).instances['rehearsal-1']?.workspace_path).toBe(moved);
  },
);
