import { rmSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openReplica } from '../dist/client/replica.js';
import { limited, quantile, spread } from './figures.mjs';
import { inSandbox, runToEnd } from './sandbox.mjs';

const CLIENTS = 3;
const AGENTS = 6;

/** Creates one task after the other until it is told to end; `tell` hears by which daemon each was answered. */
const openWriter = async ({ paths, env }, name) => {
  const view = () => ({ columns: 120, color: false });
  const replica = await openReplica({ paths, env, view, actor: 'cli' });
  const writer = { titles: [], tell: () => undefined };
  let isOver = false;
  const write = async () => {
    for (let i = 0; !isOver; i += 1) {
      const title = `Written by ${name} as ${i}`;
      const reply = await replica.run(`create task "${title}"`);
      if (reply.exit !== 0) throw new Error(`"${title}" failed: ${reply.message}`);
      writer.titles.push(title);
      writer.tell(replica.state.swarm.daemon?.pid);
      await pause(20);
    }
  };
  const done = write();
  writer.close = async () => {
    isOver = true;
    await done;
    replica.close();
  };
  return writer;
};

/** Kills the daemon once and gives how long each writer, and a program that is started then, waited for the next answer. */
const killOnce = async (box, writers) => {
  const { pid } = (await box.say('status daemon')).data;
  box.forgetDaemon();
  // After many deaths in a row the next start is put off on purpose: that is not what is measured.
  rmSync(box.paths.lives, { force: true });
  const killed = performance.now();
  process.kill(pid, 'SIGKILL');
  const fresh = box.cli('status');
  const waits = writers.map(
    (writer) =>
      new Promise((resolve) => {
        // What the dead one had said already is no answer of the next.
        writer.tell = (by) => by !== undefined && by !== pid && resolve(performance.now() - killed);
      }),
  );
  return { open: await Promise.all(waits), fresh: (await fresh).ms };
};

/** The daemon is killed again and again under clients that write: how long nobody is answered, and what is lost by it. */
export const restart = {
  title: `kill -9 of the daemon under ${CLIENTS} clients that write and ${AGENTS} agents`,
  measure: ({ quick }) =>
    inSandbox({}, async (box) => {
      // As bin/drover.js does for the daemons that it starts.
      enableCompileCache(join(box.folder, 'compiled'));
      await box.say(`launch ${AGENTS} instances agent=rehearsal`);
      const writers = await Promise.all(Array.from({ length: CLIENTS }, (_, i) => openWriter(box, `client ${i}`)));
      const outages = [];
      const fresh = [];
      const bare = [];
      for (let i = 0; i < (quick ? 3 : 50); i += 1) {
        await pause(300 + Math.random() * 700);
        const waited = await killOnce(box, writers);
        outages.push(...waited.open);
        fresh.push(waited.fresh);
        bare.push((await runToEnd(process.execPath, ['-e', '0'], { cwd: box.root, env: box.env })).ms);
      }
      await Promise.all(writers.map((writer) => writer.close()));
      const { data } = await box.say('list tasks');
      const there = Map.groupBy(data, ({ title }) => title);
      const counts = writers.flatMap(({ titles }) => titles).map((title) => there.get(title)?.length ?? 0);
      return {
        limits: [
          limited('until the next answer, p95', quantile(outages, 0.95), 1000, 'ms'),
          limited('until a program that is started then has its answer, p95', quantile(fresh, 0.95), 1000, 'ms'),
          limited('acknowledged commands that are lost', counts.filter((count) => count === 0).length, 0, 'tasks'),
          limited('commands with two effects', counts.filter((count) => count > 1).length, 0, 'tasks'),
        ],
        figures: {
          ...{ outage_ms: spread(outages, 0), fresh_ms: spread(fresh, 0), node_alone_ms: spread(bare, 0) },
          acknowledged: counts.length,
        },
      };
    }),
};
