import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { runs } from '../processes-of.mjs';
import { holdOpen } from '../sandbox.mjs';

/** The share of the time in which a daemon that is wanted has to answer, in percent. */
const LEAST = 99;

/** The process of the daemon that has the lock; undefined while none has it. */
export const daemonIn = ({ paths }) => {
  const pid = Number(readFileSync(`${paths.lock}.pid`, { encoding: 'utf8', flag: 'a+' }));
  return pid > 0 && runs(pid) ? pid : undefined;
};

/** Kills the daemon at each so many milliseconds; whoever works with it starts the next one. */
export const openKiller = (box, every) => {
  const stop = new AbortController();
  let kills = 0;
  const go = async () => {
    while (!stop.signal.aborted) {
      await pause(every, undefined, { signal: stop.signal }).catch(() => undefined);
      const pid = stop.signal.aborted ? undefined : daemonIn(box);
      if (pid === undefined) continue;
      process.kill(pid, 'SIGKILL');
      box.forgetDaemon();
      kills += 1;
      process.stderr.write(`the daemon, process ${pid}, was killed\n`);
    }
  };
  const going = go();
  const close = async () => {
    stop.abort();
    await going;
  };
  const release = holdOpen({ close });
  return {
    kills: () => kills,
    close: async () => {
      await close();
      release();
    },
  };
};

/** What `report availability` says of it all. */
export const availabilityOf = async (box, since) => {
  const { message, data } = await box.say(`report availability since=${new Date(since).toISOString()}`);
  process.stderr.write(`${message}\n`);
  const limit = { name: 'available, by report availability', value: data.percent, limit: LEAST, unit: '% or more' };
  return { limits: [{ ...limit, ok: data.percent >= LEAST }], figures: data };
};
