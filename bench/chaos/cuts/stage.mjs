import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { holdOpen, inPackage, runToEnd } from '../../sandbox.mjs';
import { makeModel } from '../model.ts';
import { openFollower, openForeman, openMerger, openTalker } from '../talkers.mjs';
import { haltAll, killAll } from './halt.mjs';

const CLI = inPackage('bin/drover.js');
/** What was sent before everything stood still is heard within so many milliseconds. */
const HEAR_MS = 20;

/**
 * Clients that live through power cuts: each goes on where it was cut off, with what it was told, and says again what it had no
 * answer to.
 */
export const openCutStage = (box, disk, { seed, talkers, found }) => {
  const place = { ...box, seed, found };
  const names = Array.from({ length: talkers }, (_, i) => `client${i + 1}`);
  const clients = names.map((name) => ({ name, model: makeModel(seed, name), ids: [], acknowledged: 0 }));
  const foreman = { ids: [], count: 0 };
  let follower;
  let waking;
  let acknowledged = 0;
  let ids = [];
  let heard = [];
  const open = new Set();
  let stop = new AbortController();
  let isOver = false;

  const assertOn = () => {
    if (isOver) throw new Error('the run is being ended');
  };

  /** Opens a client, of which nothing is left where the power was cut meanwhile. */
  const start = async (opening, more) => {
    const { signal } = stop;
    signal.throwIfAborted();
    const one = await opening({ ...place, ...more, signal });
    if (signal.aborted) await one.close({ atOnce: true });
    else open.add(one);
    signal.throwIfAborted();
    return one;
  };
  const letGo = async () => {
    stop.abort();
    await Promise.all([...open].map((one) => one.close({ atOnce: true })));
    open.clear();
  };
  const end = async () => {
    isOver = true;
    await letGo();
    // What stands still in the middle of a cut would keep whoever asks it anything waiting for ever.
    await killAll(disk.folder);
  };
  const release = holdOpen({ close: end });

  return {
    get models() {
      return clients.map(({ model }) => model);
    },
    get handedOut() {
      return foreman.ids;
    },
    get acknowledged() {
      return acknowledged;
    },
    /** What was acknowledged and told since this was asked last. */
    takeTold: () => {
      const told = { ids, heard };
      [ids, heard] = [[], []];
      return told;
    },
    /** Starts a daemon, by somebody who follows it; resolves with the state that it has. */
    wake: async () => {
      assertOn();
      // After many deaths in a row the next start is put off on purpose; and a machine that starts again takes longer than
      // anybody believes the note of one who was just starting a daemon.
      for (const path of [box.paths.lives, join(box.paths.state, 'starting')]) rmSync(path, { force: true });
      waking = start(openFollower).then((one) => {
        follower = one;
        return one.replica.state;
      });
      return waking;
    },
    isOver: () => isOver,
    state: () => follower.replica.state,
    /** Lets the clients go on, and somebody bring all agents back. */
    goOn: async () => {
      assertOn();
      const { signal } = stop;
      await Promise.all(clients.map((self) => start(openTalker, { name: self.name, self })));
      signal.throwIfAborted();
      await Promise.all([start(openForeman, { self: foreman }), start(openMerger)]);
      signal.throwIfAborted();
    },
    resume: async () => {
      const { signal } = stop;
      const { root, env } = box;
      const { code, stderr, ms } = await runToEnd(process.execPath, [CLI, 'resume', '--all', '--yes'], {
        cwd: root,
        env,
      });
      if (code !== 0 && !signal.aborted)
        found('resume', `drover resume --all --yes ended with ${code}: ${stderr.trim()}`);
      return code === 0 ? ms : undefined;
    },
    /** Takes the power away: everything stands still, then the disk loses what was not synced, and then everything is gone. */
    cut: async () => {
      assertOn();
      stop.abort();
      const halted = await haltAll(disk.folder);
      await pause(HEAR_MS);
      await letGo();
      heard.push(...(follower?.heard ?? []));
      for (const one of clients) {
        ids.push(...one.ids);
        acknowledged += one.acknowledged;
        Object.assign(one, { ids: [], acknowledged: 0 });
      }
      follower = undefined;
      assertOn();
      disk.shutDown();
      await killAll(disk.folder, halted);
      await Promise.allSettled([waking]);
      await disk.remount();
      stop = new AbortController();
      return halted.length;
    },
    close: async () => {
      await end();
      release();
    },
  };
};
