import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sandboxOf } from '../../../src/lib/paths.ts';
import { instanceIs, until } from '../../commands/stage.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { noSandbox } from '../../helpers/sandbox.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';

/** Puts a pipe in the place of what git reads of its directory, leaves work that is not committed, and says that it has. */
const PIPES = (file: string) =>
  `C=$(git rev-parse --path-format=absolute --git-common-dir); mkdir -p "$(dirname "$C/${file}")"; rm -f "$C/${file}"; mkfifo "$C/${file}"; echo more >more; mv more left; exec sleep 1000`;

const openHostile = async (file: string): Promise<Swarm> => {
  const hostile = { command: ['sh', '-c', PIPES(file)] };
  const settings = { agent: 'hostile', sandbox: { mode: 'worktree', need: 'required' }, agents: { hostile } };
  const swarm = await openSwarm({ settings, env: { DROVER_TIMEOUTS_STOP_MS: '500' } });
  await swarm.say('launch 1 hostile instance');
  const { instances } = await instanceIs(swarm, 'hostile-1', 'idle');
  const { workspace_path: worktree } = instances['hostile-1']!;
  await until(swarm, () => readdirSync(worktree).includes('left'));
  return swarm;
};

/** The folders of PATH in one, by links, as some systems have it. */
const programsIn = (folder: string): void => {
  mkdirSync(folder);
  const found = new Map<string, string>();
  for (const place of (process.env['PATH'] ?? '').split(':').filter((one) => one.startsWith('/')))
    for (const name of existsSync(place) ? readdirSync(place) : [])
      found.set(name, found.get(name) ?? join(place, name));
  for (const [name, path] of found) symlinkSync(path, join(folder, name));
};

describe.skipIf(noSandbox !== undefined)(`an agent against its git (${noSandbox ?? 'there is a sandbox'})`, () => {
  test.each(['HEAD', 'refs/heads/odd'])(
    '[SEC-9] a pipe in the place of %s holds up no removal by force: the work is kept, and the file is named',
    async (file) => {
      await using swarm = await openHostile(file);
      const { branch_name: branch } = (await swarm.state()).instances['hostile-1']!;
      const begun = performance.now();
      const reply = await swarm.say('remove instance hostile-1 force');
      expect(performance.now() - begun).toBeLessThan(60_000);
      expect(reply).toMatchObject({ exit: 0 });
      expect(reply.message).toContain(`${sandboxOf(swarm.paths, 'hostile-1').git}/${file} is a pipe`);
      expect(swarm.git('show', `${branch}:left`)).toBe('more');
      const { alerts, instances } = await swarm.state();
      expect([instances['hostile-1'], alerts['left:hostile-1']?.text]).toEqual([
        undefined,
        expect.stringContaining('is a pipe'),
      ]);
    },
  );

  test('[SEC-9] a pipe in the place of its branch holds up no stop, and what could not be read is told', async () => {
    await using swarm = await openHostile('refs/heads/$(git branch --show-current)');
    const begun = performance.now();
    const reply = await swarm.say('stop all instances');
    expect(performance.now() - begun).toBeLessThan(60_000);
    expect(reply).toMatchObject({
      exit: 0,
      message: expect.stringMatching(/not committed: .*\/refs\/heads\/.* is a pipe/u),
    });
  });

  test('[SEC-9] [REC-5] where its git directory was moved away an agent is stopped and started again, and that is told', async () => {
    const settings = { agent: 'rehearsal', sandbox: { mode: 'worktree', need: 'required' } };
    await using swarm = await openSwarm({ settings });
    await swarm.say('launch 1 instance');
    const { instances } = await instanceIs(swarm, 'rehearsal-1', 'idle');
    const { workspace_path: worktree, branch_name: branch } = instances['rehearsal-1']!;
    const { git } = sandboxOf(swarm.paths, 'rehearsal-1');
    renameSync(git, `${git}.aside`);
    mkdirSync(join(worktree, 'left'));
    symlinkSync('nowhere', join(worktree, 'left/over'));
    expect(await swarm.say('stop instance rehearsal-1')).toMatchObject({ exit: 0 });
    expect(swarm.git('ls-tree', '--name-only', branch, 'left/')).toBe('left/over');
    expect(await swarm.say('restart instance rehearsal-1')).toMatchObject({ exit: 0 });
    const { alerts } = await instanceIs(swarm, 'rehearsal-1', 'idle');
    expect(alerts['sandbox:rehearsal-1']?.text).toContain('was gone, and was made anew');
    expect(readdirSync(git)).toContain('HEAD');
    expect(swarm.log.join('\n')).not.toContain('ENOENT');
    expect(await swarm.say('remove instance rehearsal-1 force')).toMatchObject({ exit: 0 });
  });

  test('[SEC-9] where bubblewrap is removed under a running daemon nobody is started that has to be shut in', async () => {
    using folder = temporaryFolder('programs');
    const programs = join(folder.path, 'bin');
    programsIn(programs);
    const settings = { agent: 'rehearsal', sandbox: { mode: 'worktree', need: 'required' } };
    await using swarm = await openSwarm({ settings, env: { PATH: programs } });
    await swarm.say('launch 1 instance');
    await instanceIs(swarm, 'rehearsal-1', 'idle');
    rmSync(join(programs, 'bwrap'));
    const reply = await swarm.say('launch 1 instance');
    expect(reply.exit).toBe(1);
    const { instances } = await instanceIs(swarm, 'rehearsal-2', 'failed');
    expect(instances['rehearsal-2']).toMatchObject({ pane: null, exit: null });
    expect(instances['rehearsal-2']!.state.evidence).toContain(
      'rehearsal-2 is not started: it is to be in a sandbox (worktree), and can have none: bubblewrap is not installed.',
    );
    expect(swarm.tmux('list-sessions', '-F', '#{session_name}')).not.toContain('rehearsal-2');
  });
});
