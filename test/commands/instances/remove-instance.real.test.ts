import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { noSandbox } from '../../helpers/sandbox.ts';
import { openSwarm } from '../../helpers/swarm.ts';

test('an instance that cannot be removed is not said to be', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  swarm.git('worktree', 'lock', `${swarm.paths.worktrees}/rehearsal-1`);
  const reply = await swarm.say('remove instance rehearsal-1');
  expect([reply.exit, reply.message]).toEqual([1, expect.stringMatching(/^Not removed: rehearsal-1 \(.*is locked/)]);
  expect(reply.sideEffects).toEqual([]);
  swarm.git('worktree', 'unlock', `${swarm.paths.worktrees}/rehearsal-1`);
  expect((await swarm.say('remove instance rehearsal-1')).exit).toBe(0);
});

test('an instance that is removed loses its worktree after a question, and its commits stay', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 2 instances');
  const asked = await swarm.propose('remove instance rehearsal-1');
  expect([asked.exit, asked.message]).toEqual([
    5,
    expect.stringContaining('what git ignores stays in the trash for 24h'),
  ]);
  const reply = await swarm.say('remove instance rehearsal-1');
  expect([reply.exit, reply.message]).toEqual([0, 'Removed 1 instance: rehearsal-1.']);
  expect(reply.sideEffects).toEqual(['session of rehearsal-1 ended', 'worktree of rehearsal-1 removed']);
  expect(Object.keys((await swarm.state()).instances)).toEqual(['rehearsal-2']);
  expect(swarm.git('branch', '--list', 'drover/rehearsal-1')).not.toBe('');
  expect((await swarm.say('launch 1 instance')).message).toContain('rehearsal-3');
});

test('[WTR-4] nothing is ended while a merge or the like is in the middle in a worktree that would go', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 2 instances');
  const at = join(swarm.paths.worktrees, 'rehearsal-1');
  const other = swarm.git('commit-tree', 'main^{tree}', '-p', 'main', '-m', 'other');
  swarm.git('-C', at, 'commit', '-q', '--allow-empty', '-m', 'mine');
  swarm.git('-C', at, 'merge', '-q', '--no-ff', '--no-commit', other);
  writeFileSync(join(at, 'resolved.txt'), 'half\n');
  const refused = {
    exit: 6,
    message: 'The worktree "rehearsal-1" is in use: a merge is in the middle there.',
    hint: `Finish it, or give it up with: git -C ${at} merge --abort`,
  };
  expect(await swarm.propose('remove instance rehearsal-1')).toMatchObject(refused);
  expect(await swarm.say('remove instance all force')).toMatchObject(refused);
  const { instances } = await swarm.state();
  expect(Object.values(instances).map(({ state }) => state.kind)).toEqual(['idle', 'idle']);
  expect(swarm.git('-C', at, 'rev-parse', 'MERGE_HEAD')).toBe(other);
  swarm.git('-C', at, 'merge', '--abort');
  expect(await swarm.say('remove instance all')).toMatchObject({ exit: 0 });
});

test('[WTR-4] what an agent begins while it is being ended keeps its worktree as it is', async () => {
  const merging = 'read line; git merge -q --no-ff --no-commit other; echo half >half.txt';
  const settings = { agent: 'merging', agents: { merging: { command: ['sh', '-c', merging] } } };
  await using swarm = await openSwarm({ settings });
  swarm.git('branch', 'other', swarm.git('commit-tree', 'main^{tree}', '-p', 'main', '-m', 'other'));
  await swarm.say('launch 1 instance');
  const at = join(swarm.paths.worktrees, 'merging-1');
  swarm.git('-C', at, 'commit', '-q', '--allow-empty', '-m', 'mine');
  const mine = swarm.git('-C', at, 'rev-parse', 'HEAD');
  const reply = await swarm.say('remove instance merging-1');
  expect(reply).toMatchObject({
    exit: 1,
    message: 'Not removed: merging-1 (stopped, but its worktree stays: a merge is in the middle there).',
    sideEffects: [],
  });
  expect([swarm.git('-C', at, 'rev-parse', 'HEAD'), swarm.git('-C', at, 'status', '--porcelain')]).toEqual([
    mine,
    '?? half.txt',
  ]);
  swarm.git('-C', at, 'merge', '--abort');
  expect(await swarm.say('remove instance merging-1')).toMatchObject({ exit: 0 });
  expect(existsSync(at)).toBe(false);
});

test.skipIf(noSandbox !== undefined)(
  `[WTR-4] who is shut in gives up itself what is in the middle, and the hint says how (${noSandbox ?? 'there is a sandbox'})`,
  async () => {
    const obeying = 'while read -r line; do eval "$line"; done';
    const agents = { obeying: { command: ['sh', '-c', obeying] } };
    await using swarm = await openSwarm({
      settings: { agent: 'obeying', agents, sandbox: { mode: 'worktree', need: 'required' } },
    });
    swarm.git('branch', 'other', swarm.git('commit-tree', 'main^{tree}', '-p', 'main', '-m', 'other'));
    await swarm.say('launch 1 instance');
    const at = join(swarm.paths.worktrees, 'obeying-1');
    const merge = 'git commit -q --allow-empty -m mine; git merge -q --no-ff --no-commit other';
    const isHalf = async () => (await swarm.propose('remove instance obeying-1')).message?.includes('a merge is in');
    const hintOf = async (line: string) => (await swarm.say(line)).hint ?? '';
    const command = 'tell obeying-1 "git merge --abort"';

    await swarm.say(`tell obeying-1 "${merge}"`);
    await expect.poll(isHalf).toBe(true);
    // A plain git knows nothing of it.
    expect(() => swarm.git('-C', at, 'merge', '--abort')).toThrow();
    const hint = await hintOf('remove instance obeying-1');
    expect(hint).toBe(`Only its agent gets at it, in its sandbox; have it finished or given up there: ${command}`);
    await swarm.say(command);
    await expect.poll(isHalf).toBe(false);

    await swarm.say('tell obeying-1 "git merge -q --no-ff --no-commit other"');
    await expect.poll(isHalf).toBe(true);
    await swarm.say('stop instance obeying-1 force');
    // What was killed lives for a moment yet, and holds the worktree.
    await expect
      .poll(() => hintOf('remove worktree obeying-1'))
      .toContain(`First say: restart instance obeying-1; then have it`);
    expect(await swarm.say('restart instance obeying-1')).toMatchObject({ exit: 0 });
    await swarm.say(command);
    await expect.poll(isHalf).toBe(false);
    expect(await swarm.say('remove instance obeying-1')).toMatchObject({ exit: 0 });
  },
);
