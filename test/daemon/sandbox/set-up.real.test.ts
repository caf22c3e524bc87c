import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { worktreeAt } from '../../commands/stage.ts';
import { noSandbox } from '../../helpers/sandbox.ts';
import { openSwarm } from '../../helpers/swarm.ts';

/** What set-up and teardown run: it leaves a word in the worktree, and in the checkout where it can. */
const tool = (word: string): string =>
  `echo ${word} >>words.log; echo ${word} >>"$DROVER_CHECKOUT/outside.log"; git log -1 >/dev/null`;

/** An agent that puts something else in the place of what these run. */
const AGENT = `cat >tool.sh <<'EOF'\n${tool('taken')}\nEOF\ntouch ready.log; exec cat`;

const read = (path: string): string =>
  existsSync(path) ? readFileSync(path, 'utf8').replaceAll('\n', ' ').trim() : '';

test.skipIf(noSandbox !== undefined)(
  `[SEC-9] set-up and teardown run in a sandbox what an agent in one may have written${noSandbox ? ` (skipped: ${noSandbox})` : ''}`,
  async () => {
    await using swarm = await openSwarm({
      settings: {
        agent: 'taker',
        agents: { taker: { command: ['sh', 'agent.sh'], sandbox: 'worktree' } },
        worktrees: { setup: 'sh tool.sh', teardown: 'sh tool.sh' },
      },
      files: { 'tool.sh': tool('own'), 'agent.sh': AGENT, '.gitignore': '*.log\n' },
    });
    const outside = () => read(join(swarm.root, 'outside.log'));
    const inside = (name: string) => read(join(worktreeAt(swarm, name), 'words.log'));
    const launched = async (name: string) => {
      expect(await swarm.say('launch 1 instance')).toMatchObject({ exit: 0 });
      await vi.waitUntil(() => existsSync(join(worktreeAt(swarm, name), 'ready.log')));
    };
    // What the person's branch has is theirs.
    await launched('taker-1');
    expect([outside(), inside('taker-1')]).toEqual(['own', 'own']);
    // Not again where an agent has been, and not when it goes.
    await swarm.say('stop instance taker-1');
    expect(await swarm.say('setup worktree taker-1')).toMatchObject({ exit: 0 });
    expect([outside(), inside('taker-1')]).toEqual(['own', 'own taken']);
    expect(await swarm.say('remove instance taker-1')).toMatchObject({ exit: 0 });
    expect([outside(), existsSync(worktreeAt(swarm, 'taker-1'))]).toEqual(['own', false]);
    // A later one is the person's again, until what agents wrote is integrated.
    await launched('taker-2');
    expect(outside()).toBe('own own');
    const aside = join(swarm.root, '..', 'aside');
    swarm.git('worktree', 'add', '-q', '-b', 'drover/integration', aside);
    writeFileSync(join(aside, 'tool.sh'), tool('integrated'));
    swarm.git('-C', aside, 'commit', '-qam', 'integrated');
    await launched('taker-3');
    expect([outside(), inside('taker-3')]).toEqual(['own own', 'integrated']);
    // The person may have it as before.
    rmSync(join(swarm.root, 'outside.log'));
    expect(await swarm.say('set config sandbox.setup off')).toMatchObject({ exit: 0 });
    await launched('taker-4');
    expect(await swarm.say('remove instance taker-4')).toMatchObject({ exit: 0 });
    expect(outside()).toBe('integrated taken');
  },
);
