import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, lstatSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { realDisk } from '../../src/state/store/disk.ts';
import { readEvents } from '../../src/state/store/history.ts';
import { checkHeard, checkInstances, checkJournal, checkThings, checkTicks, checkUser, checkWork } from './check.ts';
import { inject } from './faults.mjs';
import { FAULTS, planOf } from './plan.ts';
import { onStage } from './stage.mjs';
import { isEnded } from './talkers.mjs';
import { userOf } from './user.mjs';
import { lostOf } from './work.mjs';

/** A fault as it was planned, but for what was said of all of its kind. */
const asSaid = (planned, { starters, suspend }) => ({
  ...planned,
  ...(starters && 'starters' in planned ? { starters } : {}),
  ...(suspend && planned.kind === 'daemon-suspend' ? { for_ms: suspend * 1000 } : {}),
});

/** Injects one fault after the other until there were enough, or the time is over. */
const disturb = async (stage, { seed, kinds, steps, minutes, said, tell, at }) => {
  const done = [];
  const end = performance.now() + minutes * 60_000;
  for (const planned of planOf(seed, kinds)) {
    const injection = asSaid(planned, said);
    if (stage.stop.aborted || done.length >= steps || performance.now() >= end) return done;
    at(injection.step);
    await pause(injection.pause_ms);
    done.push({ ...injection, ...(await inject(stage, injection)) });
    tell(done.at(-1));
  }
  return done;
};

const gitIn =
  ({ root, env }) =>
  (...args) =>
    execFileSync('git', args, { cwd: root, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

const commitsOf = (stage) => (task) =>
  Number(gitIn(stage.box)('rev-list', '--count', `${task.run.start_commit}..${task.run.branch}`));

/** Findings about tasks that somebody was told are merged: their commits must be on the integration branch. */
const checkMerged = ({ box, manager }, { tasks }) =>
  manager.merged.flatMap((id) => {
    const { merge_commit: commit, run } = tasks[id] ?? {};
    const isOn = (one) => {
      try {
        gitIn(box)('merge-base', '--is-ancestor', one, 'refs/heads/drover/integration');
        return true;
      } catch {
        return false;
      }
    };
    if (commit && isOn(commit) && isOn(run.result.head_commit)) return [];
    return [{ kind: 'merge', what: `${id} was said to be merged, and its commit is not on the integration branch` }];
  });

/** `left` is the work that was left in one of them on purpose, which has to be there as it was. */
const worktreeTrouble =
  ({ left }) =>
  ({ workspace_path: path }) => {
    if (!existsSync(path)) return 'its worktree is gone';
    if (left?.path === path) return lostOf(left)[0];
    const dirty = execFileSync('git', ['status', '--porcelain'], { cwd: path, encoding: 'utf8' }).trim();
    return dirty === '' ? undefined : `its worktree is not clean: ${dirty.split('\n')[0]}`;
  };

/** Lets everything come to its end and compares what is there with what was acknowledged. */
const judge = async (stage, { user, instances }) => {
  const { found, box, foreman, follower, clients, client } = stage;
  await stage.calm();
  await stage.untilWell();
  await stage.resumeAll();
  if ((await stage.until(() => foreman.ids.every((id) => isEnded(stage.state(), id)))) === undefined)
    found('task', 'tasks had not ended after a minute');
  await stage.until(stage.isCalm);
  box.forgetDaemon();
  const { data } = await box.say('status swarm detailed');
  const journal = { journal: box.paths.journal, disk: realDisk };
  // Some agents may still be at something of which the state did not know yet.
  const heard = [...follower.heard];
  const last = heard.reduce((most, { seq }) => Math.max(most, seq), data.state.seq);
  const events = await Array.fromAsync(readEvents(journal, 1, () => last));
  const models = [...clients.map(({ model }) => model), client.model, ...stage.lasting];
  const agents = Object.values(data.state.instances).filter(({ agent }) => agent === 'ticker');
  const findings = [
    ...checkThings(models, data.state),
    ...checkJournal(events),
    ...checkHeard(heard, events),
    ...checkWork(foreman.ids, data.state, commitsOf(stage)),
    ...checkInstances(instances, data.state, worktreeTrouble(stage)),
    ...agents.flatMap(({ instance_id: id }) => checkTicks(id, stage.logOf(id))),
    ...checkMerged(stage, data.state),
    ...checkUser(user, userOf(box)),
  ];
  for (const { kind, what } of findings) found(kind, what);
  const health = (await box.say('status daemon')).data;
  const { merged, pauses } = stage.manager;
  return {
    ...{ events: events.length, heard: follower.heard.length, tasks: foreman.ids.length, daemon: health.pid },
    ...{ merged: merged.length, pauses },
  };
};

/** What can be copied: no socket, and no pipe that waits for somebody. */
export const isKept = (path) => lstatSync(path).isFile() || lstatSync(path).isDirectory();

/** One run: faults under load, and then the judgement. Gives everything that is to be written down. */
export const runChaos = async ({
  seed,
  kinds = Object.keys(FAULTS),
  steps = Infinity,
  minutes,
  talkers,
  agents,
  starters,
  suspend,
  keep,
  tell,
}) => {
  const findings = [];
  let step = 0;
  const found = (kind, what) => {
    findings.push({ seed, step, kind, what });
    tell({ seed, step, finding: `${kind}: ${what}` });
  };
  const at = (next) => {
    step = next;
  };
  const keepIn = ({ paths }) => {
    if (keep && findings.length > 0) cpSync(paths.state, keep, { recursive: true, filter: isKept });
  };
  const told = await onStage({ seed, kinds, talkers, agents, found, keep: keepIn }, async (stage) => {
    const user = userOf(stage.box);
    await stage.until(stage.isCalm);
    const instances = Object.values(stage.state().instances);
    const injections = await disturb(stage, { seed, kinds, steps, minutes, said: { starters, suspend }, tell, at });
    if (stage.stop.aborted) return { injections };
    const sums = await judge(stage, { user, instances });
    const acknowledged = stage.clients.reduce((sum, client) => sum + client.acknowledged, 0);
    return { injections, acknowledged, ...sums };
  });
  return { seed, ...told, findings };
};
