import { execFileSync } from 'node:child_process';
import { openStore } from '../../src/state/store/open.ts';
import { assigned, claimed, created, requested, started } from '../../test/tasks/journal.ts';

const BY = { actor: 'cli', corr: 'history' };
/** So many tasks were merged at once. */
const BATCH = 50;

/** Facts of one task that was done, by its number. */
const done = (n, { instance, commit }) => {
  const id = `h${n}`;
  const result = {
    ...{ head_commit: commit, commits: 1, files: 2, insertions: 30, deletions: 4 },
    ...{ check_ms: 1200, check_output: 'all 12 tests passed\n' },
  };
  return [
    created(id, { description: `What was wanted of ${id}.`, details: ['as it was planned', 'and checked'] }),
    requested(id),
    assigned(id, instance),
    { ...started(id, instance), data: { ...started(id, instance).data, branch: `drover/${id}`, start_commit: commit } },
    claimed(id),
    { type: 'run.verified', data: { id, result } },
  ];
};

const mergedAll = (batch, ids, commit) => [
  { type: 'batch.started', data: { id: batch, target: 'drover/integration', base_commit: commit, tasks: ids } },
  ...ids.map((task) => ({ type: 'batch.merged', data: { id: batch, task, branch: `drover/${task}`, commit } })),
  { type: 'batch.finished', data: { id: batch } },
];

const edited = (n, tasks) => ({
  type: 'task.edited',
  data: { id: `h${1 + (n % tasks)}`, changes: { priority: n % 2 === 0 ? 'high' : 'low' } },
});

const branches = ({ root, env }, names, commit) =>
  execFileSync('git', ['update-ref', '--stdin'], {
    cwd: root,
    env,
    input: names.map((name) => `create refs/heads/drover/${name} ${commit}\n`).join(''),
  });

/**
 * A swarm that has a past: instances that were launched and stopped, and a journal of so many events in which their tasks were
 * done and merged. The daemon has ended afterwards.
 */
export const makeHistory = async (box, { tasks, instances, events }) => {
  const launched = (await box.say(`launch ${instances} instances agent=rehearsal`)).data;
  await box.say('stop all instances force');
  await box.endDaemon();
  box.forgetDaemon();
  const { root, env } = box;
  const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, env, encoding: 'utf8' }).trim();
  const ids = Array.from({ length: tasks }, (_, i) => `h${i + 1}`);
  branches(box, [...ids, 'integration'], commit);
  await using store = await openStore({ paths: box.paths, now: () => new Date().toISOString() });
  for (let at = 0; at < tasks; at += BATCH) {
    const some = ids.slice(at, at + BATCH);
    const work = some.flatMap((_, i) =>
      done(at + i + 1, { instance: launched[(at + i) % launched.length].instance_id, commit }),
    );
    await store.append([...work, ...mergedAll(`batch-${at / BATCH + 1}`, some, commit)], BY);
  }
  while (store.state.seq < events) {
    const from = store.state.seq;
    const count = Math.min(1000, events - from);
    await store.append(
      Array.from({ length: count }, (_, n) => edited(from + n, tasks)),
      BY,
    );
  }
};
