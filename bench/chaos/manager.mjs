import { setTimeout as pause } from 'node:timers/promises';
import { openReplica } from '../../dist/client/replica.js';
import { seededNumber } from '../../src/rehearsal/seeded-number.ts';
import { sayUntilKnown } from './talkers.mjs';

const view = () => ({ columns: 120, color: false });
/** How often something is asked of the whole swarm, in milliseconds. */
const EVERY_MS = 1500;

/** Whether an agent can be paused: it is there, and nothing is being done about it. */
const canRest = ({ agent, hold, recovery, state: { kind } }) =>
  agent === 'rehearsal' && hold === null && recovery === null && ['idle', 'working'].includes(kind);

/**
 * A person who pauses agents and lets them go on, and merges what is done. What is refused because a fault came first is no
 * finding: what was acknowledged is judged in the end.
 */
export const openManager = async ({ paths, env, seed, signal }) => {
  const replica = await openReplica({ paths, env, view, actor: 'cli', signal });
  const stop = new AbortController();
  const manager = { merged: [], paused: new Set(), pauses: 0 };
  let thrown = 0;
  const roll = () => {
    thrown += 1;
    return seededNumber('manager', String(seed), String(thrown));
  };
  const say = (text) => sayUntilKnown(replica, text, stop.signal);
  const any = (list) => list[Math.floor(roll() * list.length)];
  const agents = () => Object.values(replica.state.instances);
  const works = {
    rest: async () => {
      const id = any(agents().filter(canRest))?.instance_id;
      if (id === undefined) return;
      const reply = await say(`pause instance ${id}`);
      // Without an answer it may be paused as well.
      if (reply === undefined || reply.exit === 0) manager.paused.add(id);
      if (reply?.exit === 0) manager.pauses += 1;
      await pause(200);
    },
    goOn: async () => {
      for (const id of manager.paused)
        if ((await say(`resume instance ${id}`)) !== undefined) manager.paused.delete(id);
    },
    merge: async () => {
      const reply = await say('merge completed branches');
      if (reply?.exit === 0) manager.merged.push(...(reply.data?.merged ?? []).map(({ task }) => task));
    },
  };
  const go = async () => {
    while (!stop.signal.aborted) {
      await pause(EVERY_MS, undefined, { signal: stop.signal }).catch(() => undefined);
      if (stop.signal.aborted) break;
      await works[any(Object.keys(works).filter((name) => name !== 'goOn'))]();
      // Nobody is left paused for longer than this: the others wait for what they do.
      await works.goOn();
    }
  };
  const going = go();
  return Object.assign(manager, {
    replica,
    close: async () => {
      stop.abort();
      await going;
      replica.close();
    },
  });
};
