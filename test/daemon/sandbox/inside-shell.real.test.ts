import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { insideScript } from '../../../src/text/side-windows.ts';
import { noSandbox } from '../../helpers/sandbox.ts';
import { openSwarm } from '../../helpers/swarm.ts';

/** An agent that commits something, so that its git and that of the repository differ until somebody looks. */
const AGENT = 'echo one >a; git add a; git commit -qm inside; exec cat';

/** What a shell says of where it is, into a file of the worktree. */
const ASKS = [
  'git log -1 --format=%s',
  'git status --porcelain',
  'test -e ~/.ssh/id && echo key',
  'test -S "$DROVER_SOCKET" && echo socket',
  'echo "token $DROVER_TOKEN$DROVER_SPOOL"',
  'touch ../../../../outside 2>/dev/null; echo done',
].join('; ');

describe.skipIf(noSandbox !== undefined)(`a shell in a sandbox (${noSandbox ?? 'there is one'})`, () => {
  test('[SEC-9] a person has a shell in the sandbox of an agent, with its git, and with nothing by which it is heard as somebody', async () => {
    await using swarm = await openSwarm({
      settings: {
        agent: 'maker',
        sandbox: { mode: 'worktree' },
        agents: { maker: { command: ['sh', 'agent.sh'] }, plain: { command: ['cat'], sandbox: 'off' } },
      },
      files: { 'agent.sh': AGENT, '.gitignore': 'said\n' },
    });
    const home = swarm.env['HOME']!;
    mkdirSync(join(home, '.ssh'));
    writeFileSync(join(home, '.ssh/id'), 'key');
    await swarm.say('launch 1 instance');
    await swarm.say('launch 1 plain instance');
    const windows = (id: string) => swarm.tmux('list-windows', '-t', `=r-${id}`, '-F', '#{window_name}').split('\n');
    expect([windows('maker-1'), windows('plain-1')]).toEqual([
      ['agent', 'shell', 'log', 'inside'],
      ['agent', 'shell', 'log'],
    ]);
    const worktree = (await swarm.state()).instances['maker-1']!.workspace_path;
    await vi.waitUntil(() => existsSync(join(worktree, 'a')), { timeout: 30_000 });

    const target = '=r-maker-1:=inside';
    const shows = (text: string) =>
      vi.waitUntil(() => swarm.tmux('capture-pane', '-p', '-t', target).includes(text), { timeout: 30_000 });
    await shows('a shell in the sandbox of maker-1');
    const said = join(worktree, 'said');
    const text = () => (existsSync(said) ? readFileSync(said, 'utf8') : '');
    swarm.tmux('send-keys', '-t', target, 'Enter');
    swarm.tmux('send-keys', '-t', target, `{ ${ASKS}; } >said`, 'Enter');
    await vi.waitUntil(() => text().endsWith('done\n'), { timeout: 30_000 });
    expect(text()).toBe('inside\ntoken \ndone\n');
    expect(existsSync(join(worktree, '../../../../outside'))).toBe(false);
    // What is left by Ctrl-D can be begun again.
    swarm.tmux('send-keys', '-t', target, 'exit', 'Enter');
    await vi.waitUntil(
      () => swarm.tmux('capture-pane', '-p', '-t', target).split('a shell in the sandbox').length === 3,
      {
        timeout: 30_000,
      },
    );

    // A window that was closed comes again, and where the agent is let out there is none.
    swarm.tmux('kill-window', '-t', target);
    expect((await swarm.say('reset session maker-1')).data).toMatchObject([{ opened: ['inside'] }]);
    expect((await swarm.say('set config sandbox.mode off')).exit).toBe(0);
    expect((await swarm.say('restart maker-1')).exit).toBe(0);
    await vi.waitUntil(() => !windows('maker-1').includes('inside'), { timeout: 30_000 });
    expect(existsSync(insideScript(swarm.paths, 'maker-1'))).toBe(false);
  });
});
