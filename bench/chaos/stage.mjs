import { readdirSync, readFileSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { holdOpen, inPackage, inSandbox, runToEnd } from '../sandbox.mjs';
import { runs } from '../processes-of.mjs';
import { makeModel } from './model.ts';
import { daemonsOf, processesOf, signal } from './processes.mjs';
import { openFollower, openForeman, openTalker } from './talkers.mjs';
import { openManager } from './manager.mjs';
import { furnish } from './user.mjs';

const CLI = inPackage('bin/drover.js');
/** Longer than anything may take to be well again, in milliseconds. */
const PATIENCE_MS = 60_000;

export const SETTINGS = {
  agent: 'rehearsal',
  agents: { ticker: { command: ['perl', inPackage('bench/chaos/ticker.pl')], ready: 'tick [0-9]+' } },
  branches: { task: 'drover/{task}-{slug}' },
  recovery: { tries: 10, backoff_ms: 50, moves: 10 },
  // Who hands out a task before they heard that all agents are lost gets one more, and all are resumed after each fault.
  limits: { maxInstances: 40 },
  // Where the clock was set forward a program that has lost its parent is not known for a person any more, and a CI may be below one.
  security: { unknownRole: 'admin' },
};

/** What daemons load for a fault. It makes each start of a Node a little longer, so only who needs it has it. */
const MODULES = { 'slow-disk': 'slow-sync.mjs', 'clock-jump': 'clock.mjs', 'clock-set': 'clock.mjs' };

const envOf = (kinds) => {
  const loaded = [...new Set(kinds.flatMap((kind) => MODULES[kind] ?? []))].map(
    (name) => `--import ${inPackage(`bench/chaos/${name}`)}`,
  );
  return {
    DROVER_REHEARSAL_TASK_MS: '150..900',
    ...(loaded.length > 0 ? { NODE_OPTIONS: loaded.join(' ') } : {}),
  };
};

/** Waits until something is so; gives how long it took in milliseconds, undefined when it does not come. */
export const until = async (holds, stop, patience = PATIENCE_MS) => {
  const began = performance.now();
  while (!stop.aborted && performance.now() - began < patience) {
    if (holds()) return Math.round(performance.now() - began);
    await pause(20);
  }
  return undefined;
};

/** The client that is started anew for each command, and killed in the middle of it. */
const makeShortClient = (seed) => {
  const model = makeModel(seed, 'shell');
  const next = (step) => {
    const id = `shell-t${step}`;
    const argv = ['tasks', 'create', `Thing ${id}`, '--id', id, '--priority', 'low'];
    return { argv, thing: { kind: 'task', id, may: [null] }, value: 'low' };
  };
  return { model, next };
};

const BUSY = new Set(['creating', 'starting', 'stopping', 'unknown']);
const GONE = new Set(['failed', 'lost', 'stopped']);

/** The clients, the agents and what is asked of them, on top of a sandbox. */
const openStage = async (box, { seed, talkers, agents, found }) => {
  const stop = new AbortController();
  const frozen = new Set();
  const open = [];
  const close = async () => {
    stop.abort();
    for (const pid of frozen) signal(pid, 'SIGCONT');
    await Promise.all(open.map((one) => one.close({ atOnce: true })));
  };
  const release = holdOpen({ close });
  const start = async (opening) => {
    const one = await opening;
    open.push(one);
    return one;
  };
  const place = { ...box, seed, found };
  await box.say(`launch ${agents} instances agent=rehearsal`);
  await box.say('launch 1 instance agent=ticker');
  const follower = await start(openFollower(place));
  const names = Array.from({ length: talkers }, (_, i) => `client${i + 1}`);
  const clients = await Promise.all(names.map((name) => start(openTalker({ ...place, name }))));
  const foreman = await start(openForeman(place));
  const manager = await start(openManager(place));
  const state = () => follower.replica.state;
  const instances = () => Object.values(state().instances);
  const isWell = () =>
    daemonsOf(box.root).length === 1 &&
    follower.replica.connected &&
    instances().every(({ state: { kind }, recovery }) => !BUSY.has(kind) && recovery?.next == null);
  const stage = {
    ...{
      box,
      seed,
      found,
      frozen,
      lasting: [],
      state,
      clients,
      foreman,
      manager,
      follower,
      client: makeShortClient(seed),
    },
    stop: stop.signal,
    daemon: () => {
      const pid = Number(readFileSync(`${box.paths.lock}.pid`, { encoding: 'utf8', flag: 'a+' }));
      return pid > 0 && runs(pid) ? pid : undefined;
    },
    panes: () => box.tmux('list-panes', '-a', '-F', '#{session_name} #{pane_pid} #{pane_dead}'),
    isCalm: () => isWell() && instances().every(({ state: { kind } }) => !GONE.has(kind)),
    isGone: (id) => {
      const one = state().instances[id];
      return !one || GONE.has(one.state.kind) || one.recovery?.next != null;
    },
    gone: (pid) => until(() => !runs(pid), stop.signal),
    until: (holds, patience) => until(holds, stop.signal, patience),
    /** How long each client waits for its next answer of another daemon than the one that was killed. */
    outages: (killed) => {
      const began = performance.now();
      const one = (client) =>
        new Promise((resolve) => {
          const late = setTimeout(() => resolve(undefined), PATIENCE_MS);
          client.hear = (pid) => {
            if (pid === undefined || pid === killed) return;
            clearTimeout(late);
            client.hear = () => undefined;
            resolve(Math.round(performance.now() - began));
          };
        });
      return Promise.all(clients.map(one)).then((all) => all.filter((ms) => ms !== undefined));
    },
    resumeAll: async () => {
      const { root, env } = box;
      const { code, stderr, ms } = await runToEnd(process.execPath, [CLI, 'resume', '--all', '--yes'], {
        cwd: root,
        env,
      });
      if (code !== 0) found('resume', `drover resume --all --yes ended with ${code}: ${stderr.trim()}`);
      return { resumed_ms: Math.round(ms) };
    },
    untilWell: async () => {
      const took = await until(isWell, stop.signal);
      const bad = instances().filter(({ state: { kind } }) => BUSY.has(kind));
      const states = bad.map(({ instance_id: id, state: { kind } }) => `${id} is ${kind}`).join(', ');
      if (took === undefined && !stop.signal.aborted)
        found('recovery', `nothing was well after ${PATIENCE_MS / 1000} s: ${states || 'no daemon, or more than one'}`);
      // What was killed while it had no task is not started again by itself: a person does it.
      if (instances().some(({ state: { kind } }) => GONE.has(kind))) await stage.resumeAll();
      return took;
    },
    /** What an agent printed, as it is kept. */
    logOf: (id) => {
      const folder = join(box.paths.logs, id);
      const names = readdirSync(folder).filter((name) => name.endsWith('.log'));
      return names
        .toSorted()
        .map((name) => readFileSync(join(folder, name), 'utf8'))
        .join('');
    },
    /** Ends the clients after what they are at. */
    calm: async () => {
      await Promise.all([...clients, foreman, manager].map((one) => one.close()));
    },
    close: async () => {
      await close();
      release();
    },
  };
  return stage;
};

/** What still runs of a folder that is about to be removed. */
const leftIn = async (folder) => {
  const none = new AbortController().signal;
  await until(() => processesOf(folder).length === 0, none, 10_000);
  const left = processesOf(folder);
  for (const pid of left) signal(pid, 'SIGKILL');
  return left;
};

/** Ends the daemon that runs last, whoever started it. */
const endLast = async ({ root }) => {
  for (const pid of daemonsOf(root)) {
    signal(pid, 'SIGCONT');
    signal(pid, 'SIGTERM');
  }
  const none = new AbortController().signal;
  await until(() => daemonsOf(root).length === 0, none, 15_000);
};

/** Works on a stage of its own, of which nothing is left afterwards. */
export const onStage = ({ seed, kinds, talkers, agents, found, keep }, work) => {
  let folder;
  let left = [];
  return inSandbox({ settings: SETTINGS, files: { 'README.md': 'chaos\n' }, env: envOf(kinds) }, async (box) => {
    folder = box.folder;
    enableCompileCache(join(box.folder, 'compiled'));
    furnish(box);
    const close = async () => {
      keep?.(box);
      await endLast(box);
      try {
        box.tmux('kill-server');
      } catch {
        // There is no server any more.
      }
      left = await leftIn(folder);
    };
    const release = holdOpen({ close });
    try {
      const stage = await openStage(box, { seed, talkers, agents, found });
      try {
        return await work(stage);
      } finally {
        await stage.close();
      }
    } finally {
      box.forgetDaemon();
      await close();
      release();
      if (left.length > 0)
        found('left', `${left.length} processes were left and had to be ended by force: ${left.join(', ')}`);
    }
  });
};
