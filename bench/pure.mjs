// Measures what plans of ten thousand tasks cost the pure parts, each beside the same with half as many:
// `npm run bench:pure [-- --only NAME]`.
import { criticalPath, cycles, mergeOrder, topologicalOrder, waves } from '../src/tasks/graph.ts';
import { plan } from '../src/tasks/plan.ts';
import { bestListSchedule } from '../src/tasks/schedule.ts';
import { parseTasks } from '../src/tasks/spec/spec-tasks.ts';
import { AT, begin, created, instance, requested } from '../test/tasks/journal.ts';
import { limited, median, rounded } from './figures.mjs';
import { review } from './review.mjs';
import { runBench } from './run.mjs';

const MOST = 10_000;
/** Twice as much must not take three times as long; four times would be a square. */
const GROWTH = 3;

const timed = (work) => {
  const started = performance.now();
  work();
  return performance.now() - started;
};

/** `prepare(n)` gives the work on n of something; all of them must be done within `limitMs`. */
const measurement = (title, limitMs, prepare) => ({
  title,
  measure: ({ quick }) => {
    const [half, whole] = [prepare(MOST / 2), prepare(MOST)];
    const rounds = Array.from({ length: quick ? 2 : 9 }, () => ({ half: timed(half), whole: timed(whole) })).slice(1);
    const whole_ms = median(rounds.map((round) => round.whole));
    const growth = median(rounds.map((round) => round.whole / round.half));
    return {
      limits: [
        limited(`${MOST} of them`, whole_ms, limitMs, 'ms'),
        limited('against half as many', growth, GROWTH, 'x'),
      ],
      figures: { whole_ms: rounded(whole_ms), half_ms: rounded(median(rounds.map((round) => round.half))) },
    };
  },
});

const read = measurement('reading a spec', 1000, (count) => {
  const task = (_, i) => `- [ ] ${i + 1}. Task\n  - detail\n  - _Requirements: 1.1_\n`;
  const text = Array.from({ length: count }, task).join('');
  return () => parseTasks(text);
});

const hostile = measurement('reading lines that open fences and comments and close none', 1000, (count) => {
  const text = Array.from({ length: 2 * count }, (_, i) => (i % 2 ? '```` x' : '<!-- y')).join('\n');
  return () => parseTasks(text);
});

/** A state with so many tasks in rows of fifty, all asked for, and a hundred idle instances. */
const swarmOf = (count) => {
  const one = begin(created('1'), requested('1')).tasks['1'];
  const ids = Array.from({ length: count }, (_, i) => `${i + 1}`);
  const tasks = ids.map((id, i) => [id, { ...one, id, dependencies: i % 50 ? [ids[i - 1]] : [] }]);
  const instances = Array.from({ length: 100 }, (_, i) => instance(`c-${i}`)).flat();
  return { ...begin(...instances), tasks: Object.fromEntries(tasks) };
};

const planning = measurement('planning tasks for a hundred instances', 1000, (count) => {
  const state = swarmOf(count);
  return () => plan(state, { now: AT });
});

const graph = measurement('a row of tasks: order, waves, longest chain, order of merging, circles', 2000, (count) => {
  const ids = Array.from({ length: count }, (_, i) => `t${i}`);
  const row = new Map(ids.map((id, i) => [id, i === count - 1 ? [] : [ids[i + 1]]]));
  const circle = new Map([...row, [ids.at(-1), [ids[0]]]]);
  return () => {
    topologicalOrder(row);
    waves(row);
    criticalPath(row, () => 1);
    mergeOrder(ids, row);
    cycles(circle);
  };
});

const schedule = measurement('the best order of tasks on eight instances', 4000, (count) => {
  const jobs = Array.from({ length: count }, (_, i) => ({
    ...{ id: `t${i}`, duration: (i * 7) % 13, dependencies: i > 5 ? [`t${i - 5}`] : [] },
  }));
  return () => bestListSchedule(jobs, 8);
});

await runBench('bench:pure', { read, hostile, planning, graph, schedule, review });
