// What the page and its server cost, and how soon it tells what happens: `npm run bench:web`.
import { setTimeout as pause } from 'node:timers/promises';
import { inBusySwarm, LINES } from './busy.mjs';
import { limited, rounded, spread } from './figures.mjs';
import { cpuOf, rssOf } from './processes-of.mjs';
import { runBench } from './run.mjs';
import { inSandbox } from './sandbox.mjs';
import { page } from './web-page.mjs';
import { inServer, until } from './web-server.mjs';

const AGENTS = 10;
const PAGES = 3;
const IDLE_PAGES = 200;
/** A session has no more pages than this. */
const PAGES_OF_ONE = 64;

/** By the clock by which busy agents stamp their lines, in seconds. */
const monotonic = () => Number(process.hrtime.bigint()) / 1e9;

/** The share of a core that processes take within a time, in percent. */
const coreShare = async (groups, ms) => {
  const before = cpuOf(groups);
  const started = performance.now();
  await pause(ms);
  const took = performance.now() - started;
  const after = cpuOf(groups);
  return Object.fromEntries(Object.keys(groups).map((name) => [name, ((after[name] - before[name]) / took) * 100]));
};

/** How old a line of a busy agent is when its frame comes, in milliseconds, for each line in it. */
const agesIn = (text, at) =>
  [...text.matchAll(/#\d+ (?<time>\d+\.\d{6})/gu)].map(({ groups }) => (at - Number(groups.time)) * 1000);

const busy = {
  title: `${AGENTS} agents at ${LINES} lines a second and ${PAGES} pages that follow all of them`,
  measure: ({ quick }) =>
    inBusySwarm(AGENTS, ({ box, instances }) =>
      inServer(box, async (server) => {
        const daemon = { root: (await box.say('status daemon')).data.pid, own: true };
        const groups = { daemon, server: { root: server.pid, own: true } };
        const ms = quick ? 3000 : 20_000;
        const alone = await coreShare(groups, ms);
        const ages = [];
        let told;
        const pages = await Promise.all(
          Array.from({ length: PAGES }, () =>
            server.open((frame) => {
              if (frame.kind === 'log') ages.push(...agesIn(frame.data, monotonic()));
              if (frame.kind === 'events' && frame.events.some(({ type }) => type === 'task.created'))
                told?.(performance.now());
            }),
          ),
        );
        for (const page of pages)
          for (const { instance_id: instance } of instances) page.say({ kind: 'log', instance });
        await until(() => ages.length > AGENTS * PAGES, 'the terminals');
        // What was printed before they came arrives first, and is old.
        await pause(3000);
        ages.length = 0;
        const looked = await coreShare(groups, ms);
        const lines = spread([...ages]);
        const events = [];
        for (let i = 0; i < (quick ? 5 : 100); i += 1) {
          const first = new Promise((resolve) => {
            told = resolve;
          });
          const said = performance.now();
          await server.say(`create task "Task ${i}"`);
          events.push((await first) - said);
        }
        const memory = rssOf(server.pid);
        for (const page of pages) page.close();
        const times = spread(events);
        return {
          limits: [
            limited('from a command to the frame of its event at a page, p95', times.p95, 100, 'ms'),
            limited('from a printed line to its frame at a page, p95', lines.p95, 100, 'ms'),
            limited('CPU of the daemon that three pages add', looked.daemon - alone.daemon, 5, '% of a core'),
          ],
          figures: {
            event_ms: times,
            line_ms: lines,
            daemon_percent: { without: rounded(alone.daemon), with: rounded(looked.daemon) },
            server_percent: { without: rounded(alone.server), with: rounded(looked.server) },
            server_mb: rounded(memory, 1),
          },
        };
      }),
    ),
};

const idle = {
  title: `a page of ${AGENTS} agents of which nothing is heard, and ${IDLE_PAGES} such pages`,
  measure: ({ quick }) =>
    inSandbox({ settings: { agent: 'rehearsal', limits: { maxInstances: 100 } } }, async (box) => {
      await box.say(`launch ${quick ? 2 : AGENTS} instances`);
      return inServer(box, async (server) => {
        const before = rssOf(server.pid);
        let bytes = 0;
        const first = await server.open((_frame, length) => {
          bytes += length;
        });
        first.say({ kind: 'resources', on: true });
        await pause(quick ? 1000 : 8000);
        bytes = 0;
        const seconds = quick ? 4 : 60;
        await pause(seconds * 1000);
        const rate = bytes / seconds;
        const pages = [];
        let session;
        for (let i = 1; i < IDLE_PAGES; i += 1) {
          if (i % PAGES_OF_ONE === 0) session = await server.enter(`idle-${i}`);
          pages.push(await server.open(() => undefined, session));
        }
        await pause(quick ? 500 : 5000);
        const memory = rssOf(server.pid);
        const share = await coreShare({ server: { root: server.pid, own: true } }, quick ? 1000 : 10_000);
        for (const page of [first, ...pages]) page.close();
        return {
          limits: [
            limited('bytes a second to a page where nothing happens', rate, 200, 'B/s'),
            limited(`memory of the server with ${IDLE_PAGES} idle pages`, memory, 150, 'MB'),
          ],
          figures: {
            server_mb: { without: rounded(before, 1), with: rounded(memory, 1) },
            server_percent: rounded(share.server),
          },
        };
      });
    }),
};

await runBench('bench:web', { busy, idle, page });
