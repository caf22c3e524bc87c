// Measures what it costs to record, to read again and to keep: `npm run bench:store [-- --only NAME]`.
import { closeSync, fdatasyncSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openStore } from '../src/state/store/open.ts';
import { optionsIn } from '../test/state/store/place.ts';
import { created } from '../test/tasks/journal.ts';
import { limited, median, quantile, rounded, spread } from './figures.mjs';
import { runBench } from './run.mjs';
import { inFolder, inSandbox, runToEnd } from './sandbox.mjs';

const BY = { actor: 'cli', corr: 'bench' };
const WRITERS = 64;
/** As long as the line of a usual event. */
const LINE = `${'x'.repeat(279)}\n`;

const withP99 = (times, digits = 2) => ({ ...spread(times, digits), p99: rounded(quantile(times, 0.99), digits) });

const edited = (n, tasks) => ({
  type: 'task.edited',
  data: { id: `t${1 + (n % tasks)}`, changes: { priority: n % 2 === 0 ? 'high' : 'low' } },
});

/** So many bare lines, each synced before the next: what the disk itself takes. */
const bareAppends = (folder, count) => {
  const file = openSync(join(folder, 'bare'), 'a');
  const times = Array.from({ length: count }, () => {
    const started = performance.now();
    writeSync(file, LINE);
    fdatasyncSync(file);
    return performance.now() - started;
  });
  closeSync(file);
  return times;
};

/** The same number of commands by so many writers, each of which waits for its own before the next. */
const appendsBy = async (store, writers, count) => {
  const times = [];
  const write = async (writer) => {
    for (let n = 0; n < count / writers; n += 1) {
      const started = performance.now();
      await store.append([edited(writer + n, 100)], BY);
      times.push(performance.now() - started);
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
  return { times, ms: performance.now() - started };
};

const sum = (values) => values.reduce((all, value) => all + value, 0);

/** Recording by one and by many writers, each time between two rounds of bare appends of the same number. */
const appends = {
  title: `commands that are synced, by 1 and by ${WRITERS} writers, beside as many bare appends`,
  measure: ({ quick }) =>
    inFolder(async (folder) => {
      await using store = await openStore(optionsIn(folder));
      await store.append(
        Array.from({ length: 100 }, (_, n) => created(`t${n + 1}`)),
        BY,
      );
      const figures = {};
      const limits = [];
      for (const writers of [1, WRITERS]) {
        const count = (quick ? 2 : 20) * WRITERS;
        const rounds = [];
        for (let round = 0; round < (quick ? 2 : 5); round += 1) {
          const before = bareAppends(folder, count);
          const own = await appendsBy(store, writers, count);
          const bare = [...before, ...bareAppends(folder, count)];
          rounds.push({ own, bare, ratio: own.ms / (sum(bare) / 2) });
        }
        const ratio = median(rounds.map((one) => one.ratio));
        const name = `${writers === 1 ? 'one writer' : `${writers} writers`}, time against bare synced appends`;
        limits.push(limited(name, ratio, 2, 'x'));
        figures[`writers_${writers}`] = {
          against_bare: rounded(ratio, 3),
          commands_a_second: rounded(median(rounds.map(({ own }) => own.times.length / (own.ms / 1000))), 0),
          bare_a_second: rounded(median(rounds.map(({ bare }) => bare.length / (sum(bare) / 1000))), 0),
          command_ms: withP99(
            rounds.flatMap(({ own }) => own.times),
            3,
          ),
          bare_ms: withP99(
            rounds.flatMap(({ bare }) => bare),
            3,
          ),
        };
      }
      return { limits, figures };
    }),
};

const filled = async (options, { tasks, events }) => {
  await using store = await openStore(options);
  await store.append(
    Array.from({ length: tasks }, (_, n) => created(`t${n + 1}`)),
    BY,
  );
  while (store.state.seq < events) {
    const count = Math.min(1000, events - store.state.seq);
    const from = store.state.seq;
    await store.append(
      Array.from({ length: count }, (_, n) => edited(from + n, tasks)),
      BY,
    );
  }
};

const KINDS = {
  change: (n, tasks) => `set task t${1 + ((n * 7) % tasks)} priority=${n % 2 === 0 ? 'high' : 'low'}`,
  show: (n, tasks) => `show task t${1 + ((n * 11) % tasks)}`,
  create: (n) => `create task "Beside them ${n}"`,
};

/** What each kind of command takes over an open connection to a daemon with so many tasks and events. */
const operations = (size, count) =>
  inSandbox({}, async (box) => {
    await filled({ paths: box.paths, now: () => new Date().toISOString() }, size);
    await box.say('status daemon');
    const times = {};
    for (const [kind, text] of Object.entries(KINDS)) {
      times[kind] = [];
      for (let n = 0; n < count; n += 1) {
        const started = performance.now();
        await box.say(text(n, size.tasks));
        times[kind].push(performance.now() - started);
      }
    }
    return times;
  });

const large = {
  title: 'operations with 10,000 tasks and 100,000 events, beside 100 tasks and 1,000 events',
  measure: async ({ quick }) => {
    const count = quick ? 60 : 500;
    const small = await operations({ tasks: 100, events: 1000 }, count);
    const big = await operations({ tasks: 10_000, events: quick ? 20_000 : 100_000 }, count);
    const all = Object.values(big).flat();
    const growth = median(big.change) / median(small.change);
    return {
      limits: [
        limited('an operation with 10,000 tasks, p99', quantile(all, 0.99), 100, 'ms'),
        limited('a change with 10,000 tasks, p99', quantile(big.change, 0.99), 100, 'ms'),
        limited('a change with 10,000 tasks against one with 100, p50', growth, 1.5, 'x'),
      ],
      figures: {
        change_against_a_small_one_p50: rounded(growth),
        with_10000_tasks: Object.fromEntries(Object.entries(big).map(([kind, times]) => [kind, withP99(times)])),
        with_100_tasks: Object.fromEntries(Object.entries(small).map(([kind, times]) => [kind, withP99(times)])),
      },
    };
  },
};

const journalOf = (folder) => {
  const { journal } = optionsIn(folder).paths;
  const names = readdirSync(journal);
  const paths = names.map((name) => join(journal, name));
  return { names, paths, bytes: sum(paths.map((path) => statSync(path).size)) };
};

const OPENER = fileURLToPath(new URL('open-store.mjs', import.meta.url));

/** Nothing is packed. */
const ALL_PLAIN = { events: 10_000, bytes: 8 * 1024 * 1024, live: 1000 };

/** As a daemon is started. */
const OPTIONS = ['--max-semi-space-size=8', '--disable-warning=ExperimentalWarning'];

const opened = async (folder) => {
  const args = ['--expose-gc', ...OPTIONS, OPENER, folder, JSON.stringify(ALL_PLAIN)];
  const done = await runToEnd(process.execPath, args, { cwd: folder, env: process.env });
  if (done.code !== 0) throw new Error(done.stderr);
  return JSON.parse(done.stdout);
};

/** Only taking the lines of the journal apart, which nobody who reads it can do without. */
const bareParse = (paths) => {
  const started = performance.now();
  for (const path of paths)
    for (const line of readFileSync(path, 'utf8').split('\n').slice(1, -1)) JSON.parse(line.slice(9));
  return performance.now() - started;
};

const megabytes = (bytes) => rounded(bytes / 1024 / 1024, 1);

/** A few starts without the files that match, each of which makes some of them anew. */
const openedWithout = async (options, isGone) => {
  const { projection, journal } = options.paths;
  const starts = [];
  for (let round = 0; round < 3; round += 1) {
    for (const file of [projection, `${projection}.bak`]) rmSync(file, { force: true });
    for (const name of readdirSync(journal)) if (isGone(name)) rmSync(join(journal, name));
    starts.push(await opened(options.paths.root));
  }
  return starts;
};

/**
 * From the files of a daemon that was killed to its state, in a process of its own: with db.json, without it, and by the events
 * alone, without the states beside them.
 */
const recovery = {
  title: 'recovery and memory by events',
  measure: async ({ quick }) => {
    const figures = {};
    let last;
    let kept;
    for (const events of quick ? [1000, 10_000] : [1000, 10_000, 100_000])
      figures[`events_${events}`] = await inFolder(async (folder) => {
        const options = optionsIn(folder, { limits: ALL_PLAIN });
        await filled(options, { tasks: Math.min(1000, events / 10), events });
        const withProjection = await opened(folder);
        kept = median((await openedWithout(options, () => false)).map(({ ms }) => ms));
        const whole = await openedWithout(options, (name) => !name.endsWith('.jsonl'));
        const { names, paths, bytes } = journalOf(folder);
        if (names.some((name) => !name.endsWith('.jsonl')))
          throw new Error('the journal was not replayed from its begin');
        const parse = bareParse(paths);
        last = median(whole.map(({ ms }) => ms));
        return {
          journal_mb: megabytes(bytes),
          ...{ from_db_json_ms: rounded(withProjection.ms, 0), without_db_json_ms: rounded(kept, 0) },
          ...{ from_events_alone_ms: rounded(last, 0) },
          from_events_alone_core_ms: rounded(median(whole.map(({ cpu_ms }) => cpu_ms)), 0),
          ...{ json_alone_ms: rounded(parse, 0), against_json_alone: rounded(last / parse) },
          ...{ resident_mb: megabytes(whole[0].rss), heap_mb: megabytes(whole[0].heap) },
        };
      });
    return {
      limits: quick
        ? []
        : [
            limited('recovery from 100,000 events without db.json', kept, 1000, 'ms'),
            limited('recovery from 100,000 events by the events alone', last, 1000, 'ms'),
          ],
      figures,
    };
  },
};

/** Full segments are packed: what a journal takes on the disk, and listing what is archived. */
const archive = {
  title: 'what is packed, and listing it',
  measure: ({ quick }) =>
    inFolder(async (folder) => {
      const events = quick ? 20_000 : 100_000;
      const limits = { events: 2000, bytes: 8 * 1024 * 1024, live: 2 };
      const options = optionsIn(folder, { limits });
      await filled(options, { tasks: 1000, events });
      const { names, paths } = journalOf(folder);
      const packed = paths.filter((path) => path.endsWith('.gz'));
      await using store = await openStore(options);
      const state = JSON.stringify(store.state);
      const started = performance.now();
      let listed = 0;
      for await (const _event of store.events(1)) listed += 1;
      const list_ms = performance.now() - started;
      const { equal } = await store.rebuild();
      if (listed !== events || !equal || JSON.stringify(store.state) !== state) throw new Error('something is missing');
      const plain = names.filter((name) => name.endsWith('.jsonl')).length;
      const perEvent = sum(packed.map((path) => statSync(path).size)) / (packed.length * limits.events);
      return {
        limits: [limited('segments that are not packed', plain, limits.live + 2, 'segments')],
        figures: {
          ...{ plain_segments: plain, packed_segments: packed.length, bytes_an_event_packed: rounded(perEvent, 1) },
          ...{ list_all_ms: rounded(list_ms, 0), events: listed },
        },
      };
    }),
};

await runBench('bench:store', { appends, large, recovery, archive });
