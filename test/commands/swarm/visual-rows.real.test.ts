import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { VisualRow } from '../../../src/commands/swarm/visual-rows.ts';
import { openTerminal } from '../../e2e/terminal.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { hang, hangs, instanceIs } from '../stage.ts';

const rowsOf = async (swarm: Swarm): Promise<readonly VisualRow[]> =>
  ((await swarm.say('status swarm visual')).data as { visual: readonly VisualRow[] }).visual;

const one = async (swarm: Swarm, id: string): Promise<VisualRow> =>
  (await rowsOf(swarm)).find(({ instance_id }) => instance_id === id)!;

const sync = async (swarm: Swarm, id: string) => (await one(swarm, id)).workspace_sync_status;

const work = (swarm: Swarm, name: string, file: string, text: string) =>
  writeFileSync(join(swarm.paths.worktrees, name, file), text);

test('[COL-4] the visual status tells colour, workspace, window, tasks, activity and how each worktree stands to its base', async () => {
  await using swarm = await openSwarm({ files: { 'a.txt': 'first\n', 'b.txt': 'second\n' } });
  await swarm.say('launch 2 instances');
  const { instances } = await instanceIs(swarm, 'rehearsal-2', 'idle');
  expect(await sync(swarm, 'rehearsal-1')).toBe('synced');
  const [first] = await rowsOf(swarm);
  const { color_name, primary_color, accent_color } = instances['rehearsal-1']!.peacock_theme;
  expect(first).toEqual({
    instance_id: 'rehearsal-1',
    state: 'idle',
    color_name,
    primary_color,
    accent_color,
    workspace: instances['rehearsal-1']!.workspace_path,
    window_status: 'minimized',
    current_tasks: [],
    last_activity: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    workspace_sync_status: 'synced',
  });

  // What is asked is looked at when it is asked: an edit shows with the very next answer.
  work(swarm, 'rehearsal-1', 'a.txt', 'changed by the agent\n');
  expect(await sync(swarm, 'rehearsal-1')).toBe('modified');
  expect(await sync(swarm, 'rehearsal-2')).toBe('synced');

  writeFileSync(join(swarm.root, 'b.txt'), 'harmless\n');
  swarm.git('commit', '-q', '-a', '-m', 'elsewhere');
  expect(await sync(swarm, 'rehearsal-1')).toBe('modified');
  writeFileSync(join(swarm.root, 'a.txt'), 'changed by a person\n');
  swarm.git('commit', '-q', '-a', '-m', 'base');
  expect(await sync(swarm, 'rehearsal-1')).toBe('conflict');
  // The look has left everything as it was.
  expect(swarm.git('-C', join(swarm.paths.worktrees, 'rehearsal-1'), 'status', '--porcelain')).toBe('M a.txt');
  // Behind the base, but with nothing of its own.
  expect(await sync(swarm, 'rehearsal-2')).toBe('synced');
});

test('committed work is compared as well, with the base and with what is merged already', async () => {
  await using swarm = await openSwarm({ files: { 'a.txt': 'first\n' } });
  await swarm.say('launch 1 instances');
  await instanceIs(swarm, 'rehearsal-1', 'idle');
  const path = join(swarm.paths.worktrees, 'rehearsal-1');
  work(swarm, 'rehearsal-1', 'a.txt', 'by the agent\n');
  swarm.git('-C', path, 'commit', '-q', '-a', '-m', 'work');
  expect(await sync(swarm, 'rehearsal-1')).toBe('modified');
  // Merged into the integration branch: nothing is missing there.
  swarm.git('branch', 'drover/integration', swarm.git('-C', path, 'rev-parse', 'HEAD'));
  expect(await sync(swarm, 'rehearsal-1')).toBe('synced');
  writeFileSync(join(swarm.root, 'a.txt'), 'by a person\n');
  swarm.git('commit', '-q', '-a', '-m', 'base');
  work(swarm, 'rehearsal-1', 'new.txt', 'more\n');
  expect(await sync(swarm, 'rehearsal-1')).toBe('conflict');
});

test('[COL-4] a session somebody looks at is active, one without a terminal is closed, one without a folder is gone', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 2 instances');
  await instanceIs(swarm, 'rehearsal-2', 'idle');
  await swarm.say(hang('h1'));
  await swarm.say('run task h1 on=rehearsal-1');
  await hangs(swarm, 'h1');
  const { session } = (await swarm.state()).instances['rehearsal-1']!;
  const visitor = openTerminal(['tmux', '-u', 'attach', '-t', `=${session}`], { cwd: swarm.root, env: swarm.env });
  await visitor.see('h1');
  expect(await one(swarm, 'rehearsal-1')).toMatchObject({ window_status: 'active', current_tasks: ['h1'] });
  visitor.type('\u0002d');
  await visitor.ended();
  await swarm.say('stop instance rehearsal-2');
  await instanceIs(swarm, 'rehearsal-2', 'stopped');
  rmSync(join(swarm.paths.worktrees, 'rehearsal-2'), { recursive: true, force: true });
  expect(await one(swarm, 'rehearsal-2')).toMatchObject({ window_status: 'closed', workspace_sync_status: 'gone' });
  const { text } = await swarm.say('status swarm visual');
  expect(text).toMatch(/rehearsal-1 .*● working .*■ azure .*▁ minimized .*○ synced .*h1/);
  expect(text).toMatch(/rehearsal-2 .*□ closed .*□ gone/);
  expect((await swarm.say('status swarm')).data).not.toHaveProperty('visual');
});
