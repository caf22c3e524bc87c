import { execFileSync, spawn } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { inPackage, runToEnd } from '../sandbox.mjs';
import { damageSpool } from './damage.mjs';
import { headsOf, leftBehind } from './heads.ts';
import { makeModel } from './model.ts';
import { argvOf, below, daemonsOf, signal } from './processes.mjs';
import { leaveWork, lostOf } from './work.mjs';

const CLI = inPackage('bin/drover.js');

const isProgram = (pid) => argvOf(pid).some((word) => /\/rehearsal\/main\.js$|\/ticker\.pl$/u.test(word));

/** The program of an agent, which runs below the shells of its pane. */
const programOf = (stage, number) => {
  const instances = Object.values(stage.state().instances).filter(({ pid }) => pid !== null);
  const instance = instances[number % instances.length];
  const pid = instance && below(instance.pid).find(isProgram);
  return pid === undefined ? {} : { id: instance.instance_id, pid };
};

/** Stops a process for a while; whoever ends the run meanwhile lets it go on. */
const freeze = async (stage, pid, ms) => {
  stage.frozen.add(pid);
  signal(pid, 'SIGSTOP');
  await pause(ms);
  signal(pid, 'SIGCONT');
  stage.frozen.delete(pid);
};

const limitFiles = (pid, limit) =>
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${limit}:`], { stdio: 'pipe' });

const hasPrlimit = () => {
  try {
    execFileSync('prlimit', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** Kills the daemon that runs; gives how long each client waited for the next answer of another one. */
const killDaemon = async (stage, after_ms) => {
  await pause(after_ms);
  const pid = stage.daemon();
  // After many deaths in a row the next start is put off on purpose: that is not what is measured.
  rmSync(stage.box.paths.lives, { force: true });
  if (pid === undefined || !signal(pid, 'SIGKILL')) return { missed: 'no daemon ran' };
  return { outages: await stage.outages(pid) };
};

/** Leaves a number for a while where a module looks that is loaded into daemons. */
const tellDaemons = async ({ folder }, name, value, for_ms) => {
  const file = join(folder, name);
  writeFileSync(file, String(value));
  await pause(for_ms);
  rmSync(file, { force: true });
  return {};
};

/** What is told of agents that seem not to be well. */
const OF_HEALTH = /^(?:stuck|instance|lost|server|elsewhere|unanswered|daemon)\b/u;
const LOOK_MS = 3000;

/** Notes what a client that was killed had told: what was acknowledged is so, and of the last line nobody knows. */
const noteLasting = (stage, lines) => {
  const model = makeModel(stage.seed, 'lasting');
  let count = 0;
  for (const line of lines.split('\n').filter((one) => one.endsWith('}'))) {
    const { what, thing, value } = JSON.parse(line);
    const known = model.things.get(thing.id) ?? { ...thing, may: [null] };
    if (what === 'acknowledged') model.acknowledge({ thing: known, value });
    else model.doubt({ thing: known, value });
    count += what === 'acknowledged' ? 1 : 0;
  }
  stage.lasting.push(model);
  return { acknowledged: count };
};

const INJECT = {
  'daemon-kill': (stage, { after_ms }) => killDaemon(stage, after_ms),
  'client-kill': async (stage, { step, after_ms }) => {
    const said = stage.client.next(step);
    const { root, env } = stage.box;
    const child = spawn(process.execPath, [CLI, ...said.argv], { cwd: root, env, stdio: 'ignore' });
    const ended = new Promise((resolve) => void child.once('close', resolve));
    const timer = setTimeout(() => child.kill('SIGKILL'), after_ms);
    const code = await ended;
    clearTimeout(timer);
    if (code === 0) stage.client.model.acknowledge(said);
    else stage.client.model.doubt(said);
    return { ended: code === 0 ? 'it had its answer before' : 'in mid-command' };
  },
  'lasting-kill': async (stage, { step, after_ms }) => {
    const { paths, root, env } = stage.box;
    const told = { paths, env, seed: stage.seed, name: `lasting${step}` };
    const argv = [inPackage('bench/chaos/lasting.mjs'), JSON.stringify(told)];
    const child = spawn(process.execPath, argv, { cwd: root, env, stdio: ['ignore', 'pipe', 'ignore'] });
    const lines = text(child.stdout);
    const ended = new Promise((resolve) => void child.once('close', resolve));
    await pause(after_ms);
    child.kill('SIGKILL');
    await ended;
    return noteLasting(stage, await lines);
  },
  'broker-kill': async (stage) => {
    const pid = stage.daemon();
    const broker = pid && below(pid).find((one) => argvOf(one).some((word) => word.endsWith('/broker-main.js')));
    return broker && signal(broker, 'SIGKILL') ? {} : { missed: 'no broker ran' };
  },
  'agent-kill': async (stage, { agent }) => {
    const { id, pid } = programOf(stage, agent);
    const before = stage.state().instances[id];
    if (pid === undefined || !signal(pid, 'SIGKILL')) return { missed: 'no agent ran' };
    const isKnown = () => stage.isGone(id) || stage.state().instances[id]?.pid !== before.pid;
    return { id, known_ms: await stage.until(isKnown) };
  },
  'daemon-stop': async (stage, { for_ms }) => {
    const pid = stage.daemon();
    if (pid === undefined) return { missed: 'no daemon ran' };
    await freeze(stage, pid, for_ms);
    return {};
  },
  'daemon-suspend': async (stage, { for_ms }) => {
    const pid = stage.daemon();
    if (pid === undefined) return { missed: 'no daemon ran' };
    const before = new Set(Object.keys(stage.state().alerts));
    await freeze(stage, pid, for_ms);
    await stage.untilWell();
    // As long as it takes to look for hangs again.
    await pause(LOOK_MS);
    const alarms = Object.keys(stage.state().alerts).filter((id) => !before.has(id) && OF_HEALTH.test(id));
    if (alarms.length > 0)
      stage.found('alarm', `a daemon that was suspended for ${for_ms} ms alarmed: ${alarms.join(', ')}`);
    return {};
  },
  'agent-stop': async (stage, { agent, for_ms }) => {
    const { id, pid } = programOf(stage, agent);
    if (pid === undefined) return { missed: 'no agent ran' };
    await freeze(stage, pid, for_ms);
    return { id };
  },
  'spool-damage': async (stage, { agent, step }) => {
    const ids = Object.keys(stage.state().instances);
    const id = ids[agent % ids.length];
    damageSpool(stage.box, id, step);
    return { id };
  },
  'disk-full': async (stage, { for_ms }) => {
    if (!hasPrlimit()) return { skipped: 'there is no prlimit, which makes a disk full for one process' };
    const pid = stage.daemon();
    if (pid === undefined) return { missed: 'no daemon ran' };
    limitFiles(pid, 0);
    await pause(for_ms);
    if (stage.daemon() !== pid) return { ended: 'the daemon ended' };
    limitFiles(pid, 'unlimited');
    return {};
  },
  'slow-disk': ({ box }, { sync_ms, for_ms }) => tellDaemons(box, 'chaos-sync', sync_ms, for_ms),
  'clock-jump': ({ box }, { by_ms, for_ms }) => tellDaemons(box, 'chaos-clock', by_ms, for_ms),
  /** The clock stays as it is set, until another fault sets it again. */
  'clock-set': async ({ box }, { by_ms }) => {
    writeFileSync(join(box.folder, 'chaos-clock'), String(by_ms));
    return {};
  },
  'tmux-kill': async (stage, { step }) => {
    const ticker = Object.values(stage.state().instances).find(({ agent }) => agent === 'ticker');
    try {
      stage.left = await leaveWork(ticker.workspace_path, step);
    } catch (error) {
      stage.found(
        'work',
        `nothing could be committed in the worktree of ${ticker.instance_id}: ${error.stderr ?? error}`,
      );
      stage.left = undefined;
    }
    const pid = Number(stage.box.tmux('display-message', '-p', '#{pid}'));
    signal(pid, 'SIGKILL');
    await stage.gone(pid);
    const heads = headsOf(Object.values(stage.state().instances));
    const told = await stage.resumeAll();
    for (const what of [...(stage.left ? lostOf(stage.left) : []), ...leftBehind(heads)]) stage.found('work', what);
    return { ...told, worktrees: heads.length };
  },
  'racing-starts': async (stage, { starters }) => {
    const before = stage.daemon();
    if (before !== undefined) signal(before, 'SIGKILL');
    const { root, env } = stage.box;
    const start = () => runToEnd(process.execPath, [CLI, 'daemon', 'start', '--json'], { cwd: root, env });
    const ran = await Promise.all(Array.from({ length: starters }, start));
    const bad = ran.filter(({ code }) => code !== 0);
    if (bad.length > 0) stage.found('start', `${bad.length} of ${starters} starters failed: ${bad[0].stderr.trim()}`);
    return { starters };
  },
};

/** Faults that are about agents: after the others the programs in the panes are those that were there before. */
const OF_AGENTS = new Set(['agent-kill', 'tmux-kill']);

/** Injects one fault, waits until all is well again, and looks whether it is. */
export const inject = async (stage, injection) => {
  const settled = OF_AGENTS.has(injection.kind) || !stage.isCalm() ? undefined : stage.panes();
  const began = performance.now();
  const told = await INJECT[injection.kind](stage, injection);
  const recovered = await stage.untilWell();
  if (settled !== undefined && stage.panes() !== settled)
    stage.found(
      'agents',
      `the programs of the agents are others after ${injection.kind}: ${settled} / ${stage.panes()}`,
    );
  const owners = daemonsOf(stage.box.root);
  if (owners.length > 1) stage.found('owner', `${owners.length} daemons run: ${owners.join(', ')}`);
  return { ...told, took_ms: Math.round(performance.now() - began), recovered_ms: recovered };
};
