import { expect, test } from 'vitest';
import { settleRacer } from '../../../src/daemon/actions/settle-racer.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { instanceBranch } from '../../../src/state/names.ts';
import { openWorld, write } from '../../git/world.ts';
import { servicesWith } from '../../helpers/services.ts';
import { servicesOn } from '../../helpers/target.ts';

test('[GIT-12] where the daemon was killed when a racer’s worktree had been freed, the next one records the branch that it is on', async () => {
  await using world = await openWorld();
  const { git } = world;
  const [id, racer, branch, workspace_path] = ['c-1', 't1@1', 'drover/t1-1', world.at('c-1')];
  for (const name of [instanceBranch(id), branch]) await git.createBranch(name, world.first);
  await git.addWorktree(workspace_path, { branch });
  write(workspace_path, 'mine.txt', 'mine\n');
  const instance = { instance_id: id, host: 'local', workspace_path, branch_name: branch, task_assignments: [] };
  const tasks = { [racer]: { id: racer, race_of: 't1', run: { instance: id, branch, result: null }, history: [] } };
  const facts: EventDraft[] = [];
  const daemon = (decide: (make: () => readonly EventDraft[]) => Promise<readonly never[]>) =>
    servicesWith({
      store: { state: { tasks, instances: { [id]: instance } } },
      ballast: { giveBackIfFull: async () => false },
      log: () => undefined,
      decide,
      ...servicesOn({ git }),
    });
  const killed = daemon(() => Promise.reject(new Error('killed')));
  await expect(settleRacer(killed, racer)).rejects.toThrow('killed');
  expect((await git.worktreeState(workspace_path)).branch).toBe(instanceBranch(id));
  await settleRacer(
    daemon(async (make) => {
      facts.push(...make());
      return [];
    }),
    racer,
  );
  expect(facts).toEqual([
    { type: 'instance.placed', data: { instance_id: id, branch_name: instanceBranch(id), workspace_path } },
    { type: 'race.settled', data: { id: 't1', racer, archive: expect.stringContaining('t1@1') } },
  ]);
  expect(await git.resolve(`refs/heads/${branch}`)).toBeNull();
});
