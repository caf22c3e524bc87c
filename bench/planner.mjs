import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bestListSchedule } from '../src/tasks/schedule.ts';
import { limited, mean, median, rounded } from './figures.mjs';
import { inFolder, inPackage, runToEnd } from './sandbox.mjs';

const INSTANCES = 5;
const VARIANTS = { siblings: ['--policy', 'siblings', '--no-barrier'], default: [] };

const eventsIn = (journal) =>
  readdirSync(journal)
    .toSorted()
    .flatMap((name) => readFileSync(join(journal, name), 'utf8').split('\n'))
    .filter((line) => /^[0-9a-f]{8} \{/u.test(line))
    .map((line) => JSON.parse(line.slice(9)));

/** When each task reached each step, and who had it; a plan without failures has one run per task. */
const stepsOf = (events) => {
  const steps = new Map();
  const holder = new Map();
  const note = (id, key, at) => steps.set(id, { ...steps.get(id), [key]: Date.parse(at) });
  for (const { type, at, data } of events) {
    if (type === 'task.created') steps.set(data.task.id, { dependencies: data.task.dependencies });
    if (type === 'task.assigned') note(data.id, 'assigned', at);
    if (type === 'run.claimed') note(data.id, 'claimed', at);
    if (type === 'run.verified') note(data.id, 'verified', at);
    if (type === 'run.started') {
      note(data.id, 'started', at);
      holder.set(data.instance, data.id);
    }
    // The first word of the agent about the task: the brief has arrived.
    if (type === 'instance.moved' && data.state === 'working' && data.source === 'hook') {
      const id = holder.get(data.instance_id);
      if (id !== undefined && steps.get(id).arrived === undefined) note(id, 'arrived', at);
    }
    // Where the state does not change, the agent's first report of progress says the same.
    if (type === 'run.progressed' && steps.get(data.id).arrived === undefined) note(data.id, 'arrived', at);
  }
  return [...steps].filter(([, step]) => step.verified !== undefined);
};

const breakdown = (events, wallMs) => {
  const steps = stepsOf(events);
  const between = (from, to) => mean(steps.map(([, step]) => step[to] - (step[from] ?? step[to])));
  const ran = new Set(steps.map(([id]) => id));
  const own = ([id, step]) => ({
    id,
    duration: Math.max(1, step.claimed - (step.arrived ?? step.started)),
    dependencies: step.dependencies.filter((other) => ran.has(other)),
  });
  const bound = bestListSchedule(steps.map(own), INSTANCES).makespan;
  return {
    prepare_ms: between('assigned', 'started'),
    deliver_ms: between('started', 'arrived'),
    verify_ms: between('claimed', 'verified'),
    overhead_per_task_ms: between('assigned', 'arrived') + between('claimed', 'verified'),
    // A task that builds on many others waits until their branches are joined.
    longest_prepare_ms: Math.max(...steps.map(([, step]) => step.started - step.assigned)),
    work_ms: between('arrived', 'claimed'),
    against_work_alone: wallMs / bound,
  };
};

const rehearse = (variant, seed) =>
  inFolder(async (folder) => {
    const keep = join(folder, 'kept');
    const words = ['--instances', String(INSTANCES), '--seed', String(seed), '--keep', keep, '--json'];
    const args = [inPackage('bin/drover.js'), 'rehearse', inPackage('test/fixtures/spec'), ...words];
    const env = { PATH: process.env.PATH, HOME: folder, LANG: 'C.UTF-8', TERM: 'xterm-256color', TMPDIR: folder };
    const done = await runToEnd(process.execPath, [...args, ...VARIANTS[variant]], { cwd: folder, env });
    if (done.code !== 0) throw new Error(`drover rehearse ended with ${done.code}: ${done.stderr}`);
    const { wall_ms, bound_ms, merge_ms, batch } = JSON.parse(done.stdout);
    const parts = breakdown(eventsIn(join(keep, '.git', 'drover', 'journal')), wall_ms);
    return { seed, ratio: wall_ms / bound_ms, wall_ms, bound_ms, merge_ms_per_task: merge_ms / batch.merged, ...parts };
  });

const digest = (runs) => {
  const keys = Object.keys(runs[0]).filter((key) => key !== 'seed');
  return {
    ...Object.fromEntries(keys.map((key) => [key, rounded(median(runs.map((run) => run[key])), 3)])),
    ratios_by_seed: Object.fromEntries(runs.map((run) => [run.seed, rounded(run.ratio, 3)])),
  };
};

/** How much longer a rehearsal takes than the best order of handing out its tasks. */
export const planner = {
  title: `a plan of 31 open tasks by ${INSTANCES} instances against the best order of its tasks`,
  measure: async ({ quick }) => {
    const runs = { siblings: [], default: [] };
    for (let seed = 1; seed <= (quick ? 1 : 3); seed += 1)
      for (const variant of Object.keys(VARIANTS)) runs[variant].push(await rehearse(variant, seed));
    const figures = { siblings: digest(runs.siblings), default: digest(runs.default) };
    return {
      limits: Object.entries(figures).map(([variant, { ratio }]) =>
        limited(`wall time against the best order, ${variant}`, ratio, 1.1, 'x'),
      ),
      figures,
    };
  },
};
