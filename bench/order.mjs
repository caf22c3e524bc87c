import { conflictGraph } from '../test/fixtures/conflict-graph.ts';
import { limited } from './figures.mjs';
import { inSandbox } from './sandbox.mjs';

/** Tasks that conflict as the graph says: those of one group all write the same file, each otherwise. */
const createTasks = async (box, count, groups) => {
  for (let n = 1; n <= count; n += 1) {
    const own = groups.flatMap((group, at) => (group.includes(n) ? [`conflict shared/${at}.txt`] : []));
    await box.say(`create task "Task ${n} rehearse: ${own.join('; ')}" id=t${n}`);
  }
};

/** How many of the branches one batch merges. */
const mergedOf = (seed, count) => {
  const settings = { agent: 'rehearsal', limits: { maxInstances: 4 }, launch: { count: 4 } };
  const { groups, most } = conflictGraph(seed, count);
  return inSandbox({ settings, env: { DROVER_REHEARSAL_TASK_MS: '20' } }, async (box) => {
    await createTasks(box, count, groups);
    await box.say('run all tasks wait=true');
    const begun = performance.now();
    const { data } = await (await box.talk()).ask('merge completed branches');
    const odd = data.set_aside.filter(({ reason }) => reason !== 'conflict');
    if (odd.length > 0) throw new Error(`${odd[0].task} was set aside: ${odd[0].message}`);
    return { seed, most, merged: data.merged.length, ms: Math.round(performance.now() - begun) };
  });
};

/** Branches of which is known how many can be merged, merged by the real queue. */
export const order = {
  title: 'merging 100 branches with known conflicts: as many as by the best order that there is',
  measure: async ({ quick }) => {
    const batches = [];
    for (const seed of quick ? [1] : [1, 2, 3]) batches.push(await mergedOf(seed, quick ? 20 : 100));
    const missed = batches.reduce((sum, { most, merged }) => sum + most - merged, 0);
    return {
      limits: [limited('branches that the best order merges as well', missed, 0, 'branches')],
      figures: { batches },
    };
  },
};
