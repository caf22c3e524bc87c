import { cpSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { inFolder, inPackage, inSandboxAt } from '../../sandbox.mjs';
import { isKept } from '../run.mjs';
import { SETTINGS, until } from '../stage.mjs';
import { isEnded } from '../talkers.mjs';
import { furnish, userOf } from '../user.mjs';
import { openDisk, whyNoDisk } from './disk.mjs';
import { killAll } from './halt.mjs';
import { harmIn } from './git.mjs';
import { judge } from './judge.mjs';
import { cutsOf } from './plan.ts';
import { openCutStage } from './stage.mjs';

/** How long handed-out work may take to its end when no more power is cut, in milliseconds. */
const PATIENCE_MS = 120_000;

const envOf = (unsynced) => ({
  DROVER_REHEARSAL_TASK_MS: '150..900',
  ...(unsynced ? { NODE_OPTIONS: `--import ${inPackage('bench/chaos/cuts/unsynced.mjs')}` } : {}),
});

/** Judges what a cut has left, beside what it was to leave. */
const makeJudge = ({ box, stage, user, found, totals }) => {
  const kept = new Map();
  /** The requests that the journal had, of which one may be acknowledged only behind the cut. */
  const requests = new Set();
  let from = 1;
  const once = async ({ whole }) => {
    const harm = harmIn(box);
    const state = await stage.wake().catch((error) => {
      if (stage.isOver()) throw error;
      totals.refused += 1;
      found('open', `no daemon came back: ${error.message}`);
    });
    if (!state) return undefined;
    if (whole) {
      kept.clear();
      from = 1;
    }
    const told = stage.takeTold();
    const { findings, promises } = await judge({
      ...{ box, state, harm, user, kept, from, requests },
      ...told,
      models: stage.models,
    });
    for (const { kind, what } of findings) found(kind, what);
    for (const { name, commit } of promises) kept.set(name, commit);
    from = state.seq + 1;
    totals.told += told.heard.length;
    totals.promises = kept.size;
    totals.harmed += harm.lines.length > 0 ? 1 : 0;
    return { harm: harm.lines };
  };
  return once;
};

/** Lets everything come to its end, and gives how the tasks stand then. */
const settle = async (stage) => {
  await stage.resume();
  await until(
    () => stage.handedOut.every((id) => isEnded(stage.state(), id)),
    new AbortController().signal,
    PATIENCE_MS,
  );
  return Object.fromEntries(
    [...Map.groupBy(stage.handedOut, (id) => stage.state().tasks[id]?.state ?? 'gone')].map(([kind, all]) => [
      kind,
      all.length,
    ]),
  );
};

const cutAgain = async ({ box, stage, seed, cuts, found, tell, at, totals }) => {
  const user = userOf(box);
  const look = makeJudge({ box, stage, user, found, totals });
  for (const cut of cutsOf(seed)) {
    at(cut.step);
    const began = performance.now();
    const isLast = cut.step > cuts;
    const isEarly = cut.moment === 'start' && !isLast;
    const seen = isEarly ? {} : await look({ whole: isLast });
    // What cannot be opened cannot be cut any further.
    if (!seen) return undefined;
    if (isLast) return settle(stage);
    const resumed = isEarly ? stage.wake() : stage.goOn().then(stage.resume);
    resumed.catch(() => undefined);
    await pause(cut.after_ms);
    const halted = await stage.cut();
    const resumed_ms = isEarly ? undefined : await resumed.catch(() => undefined);
    totals.cuts += 1;
    tell({
      kind: `cut in ${cut.moment}`,
      ...cut,
      ...seen,
      halted,
      resumed_ms,
      took_ms: Math.round(performance.now() - began),
    });
  }
  return undefined;
};

/** A run of power cuts on a disk of its own. Gives everything that is to be written down. */
export const runCuts = ({ seed, cuts, talkers, agents, unsynced, keep, tell: show }) =>
  inFolder(async (folder) => {
    const why = await whyNoDisk(folder);
    if (why !== undefined) return { why };
    enableCompileCache(join(folder, 'compiled'));
    const known = new Set();
    const findings = [];
    const done = [];
    const totals = { cuts: 0, told: 0, promises: 0, lost: 0, twice: 0, git: 0, harmed: 0, refused: 0 };
    let step = 0;
    const found = (kind, what) => {
      if (known.has(what)) return;
      known.add(what);
      findings.push({ seed, step, kind, what });
      if (kind in totals) totals[kind] += 1;
      show({ seed, step, finding: `${kind}: ${what}` });
    };
    const at = (next) => {
      step = next;
    };
    const tell = (cut) => {
      done.push(cut);
      show(cut);
    };
    const disk = await openDisk(folder);
    try {
      const files = { 'README.md': 'chaos\n' };
      const told = await inSandboxAt(disk.folder, { settings: SETTINGS, files, env: envOf(unsynced) }, async (box) => {
        furnish(box);
        await box.say(`launch ${agents} instances agent=rehearsal`);
        box.forgetDaemon();
        disk.sync();
        const stage = openCutStage(box, disk, { seed, talkers, found });
        try {
          const tasks = await cutAgain({ box, stage, seed, cuts, found, tell, at, totals });
          return { tasks, acknowledged: stage.acknowledged };
        } finally {
          await stage.close();
          if (keep && findings.length > 0) cpSync(box.paths.state, keep, { recursive: true, filter: isKept });
          await killAll(disk.folder);
        }
      });
      return { seed, unsynced, ...totals, ...told, findings, done };
    } finally {
      await disk.close();
    }
  });
