import { setTimeout as pause } from 'node:timers/promises';
import { openReplica } from '../../dist/client/replica.js';
import { isEnded, sayUntilKnown } from '../chaos/talkers.mjs';
import { holdOpen } from '../sandbox.mjs';

const view = () => ({ columns: 120, color: false });

/** How often each of them does something, in milliseconds. */
const EVERY = { hand_out: 2000, merge: 300_000, change: 400, ask: 5000, come: 30_000, shell: 60_000 };

const ASKED = [
  (n) => `show task h${1 + (n % 1000)}`,
  () => 'list tasks limit=20',
  () => 'status swarm',
  () => 'list events limit=20',
  () => 'list instances',
];

/** Does something again and again until it is stopped; what fails ends the work and is told at its end. */
const repeatedly = async (every, stop, work) => {
  for (let n = 0; !stop.aborted; n += 1) {
    await work(n);
    await pause(every, undefined, { signal: stop }).catch(() => undefined);
  }
};

/** Says a command that has to succeed; with a signal as the same request until a daemon knows how it went. */
const orderWith = (stop) => async (replica, counts, text) => {
  const reply = stop ? await sayUntilKnown(replica, text, stop) : await replica.run(text);
  if (reply === undefined && stop.aborted) return;
  if (reply === undefined) throw new Error(`"${text}" had no answer`);
  if (reply.exit !== 0) throw new Error(`"${text}" failed: ${reply.message}`);
  counts.commands += 1;
};

/**
 * Those who work with the daemon: agents that do task after task, and clients that change, ask, follow, come and go. `patient`:
 * they wait for the next daemon where one is killed.
 */
export const openWork = async (box, { agents, tasks, patient = false }) => {
  const open = () => openReplica({ ...box, view, actor: 'cli' });
  const counts = { commands: 0, handed_out: 0, merges: 0, visits: 0, shells: 0 };
  const stop = new AbortController();
  const order = orderWith(patient ? stop.signal : undefined);
  const [foreman, changer, follower] = await Promise.all([open(), open(), open()]);
  const ids = [];
  const isOpen = (id) => !isEnded(foreman.state, id);
  const works = {
    hand_out: async () => {
      // What each is at, and one for each that is waiting for it.
      while (!stop.signal.aborted && ids.filter(isOpen).length < 2 * agents) {
        const id = `w${ids.length + 1}`;
        await order(foreman, counts, `create task "rehearse: write work/${id}.txt 'done'" id=${id}`);
        await order(foreman, counts, `run task ${id} agent=rehearsal`);
        ids.push(id);
        counts.handed_out += 1;
      }
    },
    merge: async (n) => {
      if (n === 0) return;
      await order(foreman, counts, 'merge completed branches');
      counts.merges += 1;
    },
    change: (n) =>
      order(changer, counts, `set task h${1 + ((n * 7) % tasks)} priority=${n % 2 === 0 ? 'high' : 'low'}`),
    ask: (n) => order(follower, counts, ASKED[n % ASKED.length](n)),
    // Somebody who comes, takes the whole state, asks once and goes.
    come: async () => {
      const visitor = await open();
      await order(visitor, counts, 'status swarm detailed').finally(() => visitor.close());
      counts.visits += 1;
    },
    shell: async () => {
      await box.cli('status');
      counts.shells += 1;
    },
  };
  let failed;
  const going = Object.entries(works).map(([name, work]) =>
    repeatedly(EVERY[name], stop.signal, work).catch((error) => {
      if (!stop.signal.aborted) failed ??= error;
      stop.abort();
    }),
  );
  const close = async () => {
    stop.abort();
    await Promise.all(going);
    for (const one of [foreman, changer, follower]) one.close();
  };
  const release = holdOpen({ close });
  return {
    counts,
    /** The state as somebody has it who follows. */
    state: () => follower.state,
    isDone: () => ids.filter((id) => follower.state.tasks[id]?.state === 'done').length,
    /** Throws what went wrong meanwhile. */
    check: () => {
      if (failed) throw failed;
    },
    close: async () => {
      await close();
      release();
      if (failed) throw failed;
    },
  };
};
