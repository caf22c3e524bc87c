import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { livingIn } from '../src/process/living-in.ts';
import { limited, rounded } from './figures.mjs';
import { inRepository, openProgram } from './git-repository.mjs';

const BRANCH = 'drover/integration';
/** In one life no more than so many are landed: each is landed once. */
const HEADS = 6;
const PATIENCE_MS = 60_000;

const manyFiles = (count, text) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`src/part-${i % 50}/file-${i}.txt`, `${text} ${i}\n`.repeat(20)]),
  );

/** Commits on top of one, on no branch that stays, each with one file more. */
const headsOn = ({ feed }, base, count) => {
  const commits = Array.from(
    { length: count },
    (_, n) =>
      `commit refs/bench/head\nmark :${n + 1}\ncommitter Bench <bench@drover.invalid> 1700000000 +0000\ndata 5\nhead\n` +
      `from ${base}\nM 100644 inline new/${n}.txt\ndata 4\nnew\n\nget-mark :${n + 1}\n`,
  );
  return feed(commits.join(''), 'fast-import', '--quiet', '--force').split('\n');
};

/** How long what is killed takes when nobody kills it, in milliseconds. */
const untilLine = async (program, count) => {
  const begun = performance.now();
  while (program.lines.length < count && performance.now() - begun < PATIENCE_MS) await pause(1);
  return performance.now() - begun;
};

const landOnce = async (place, heads, ms) => {
  const program = openProgram(place, ['land', BRANCH, ...heads], { isMortal: true });
  await program.begun;
  await pause(Math.random() * ms);
  await program.kill();
  const tip = place.git('rev-parse', `refs/heads/${BRANCH}`);
  const [verb, from, to] = program.lines.at(-1) ?? ['nothing'];
  return {
    isOld: tip === from,
    isNew: verb === 'moving' && tip === to,
    hasLock: existsSync(join(place.root, `.git/refs/heads/${BRANCH}.lock`)),
    moves: program.lines.filter(([one]) => one === 'moving').length,
  };
};

const count = (all, test) => all.filter(test).length;

/** A program that lands branch after branch is killed with its git: the branch is where it was, or where it was to come. */
export const landingKills = {
  title: 'kill -9 of a program that lands branches, with its git',
  measure: ({ quick }) =>
    inRepository(manyFiles(500, 'first'), async (place) => {
      const lives = quick ? 10 : 400;
      const base = place.git('rev-parse', 'HEAD');
      const heads = headsOn(place, base, HEADS * (lives + 1));
      place.git('branch', BRANCH, base);
      const trial = openProgram(place, ['land', BRANCH, ...heads.splice(0, HEADS)], { isMortal: true });
      await trial.begun;
      const ms = (await untilLine(trial, 2 * HEADS + 1)) / HEADS;
      await trial.kill();
      const kills = [];
      // Two landings and a half: whatever a landing consists of is met as often as it takes long.
      while (heads.length > 0) kills.push(await landOnce(place, heads.splice(0, HEADS), 2.5 * ms));
      const tip = place.git('rev-parse', BRANCH);
      place.git('fsck', '--no-dangling', '--connectivity-only');
      return {
        limits: [
          limited(
            'branches that are neither old nor new',
            count(kills, (one) => !one.isOld && !one.isNew),
            0,
            'of all',
          ),
        ],
        figures: {
          ...{ kills: kills.length, old: count(kills, (one) => one.isOld), new: count(kills, (one) => one.isNew) },
          ...{ locks_left: count(kills, (one) => one.hasLock), landing_ms: rounded(ms, 1) },
          landings: Number(place.git('rev-list', '--count', '--merges', tip)),
        },
      };
    }),
};

const PRECIOUS = 'what the person was about to write\n';

/** Where a checkout is, once nobody is at work there; `half` where it is wholly neither at one commit nor at the other. */
const restOf = async ({ git, root }, { from, to }) => {
  const lock = join(root, '.git/index.lock');
  const isAtWork = async () => (await livingIn(root)).length > 0;
  for (const end = performance.now() + PATIENCE_MS; (await isAtWork()) && performance.now() < end; ) await pause(20);
  const [head, status] = [git('rev-parse', 'HEAD'), git('status', '--porcelain')];
  const isKept =
    status === 'M mine.txt\n?? new.txt' &&
    ['mine.txt', 'new.txt'].every((path) => readFileSync(join(root, path), 'utf8') === PRECIOUS);
  if (existsSync(lock) || !isKept) return 'half';
  return head === from ? 'old' : head === to ? 'new' : 'half';
};

const deliverOnce = async (place, move, ms) => {
  const { git, write } = place;
  git('reset', '-q', '--hard', move.from);
  for (const path of ['mine.txt', 'new.txt']) write(path, PRECIOUS);
  const program = openProgram(place, ['deliver', 'main', move.from, move.to]);
  await program.begun;
  await pause(Math.random() * ms);
  const [[, ...others], ...rest] = program.lines;
  const wasOver = rest.length > 0;
  await program.kill();
  // What runs the programs of the daemon goes with it.
  for (const pid of others)
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  return { rest: await restOf(place, move), wasOver };
};

/** A daemon that brings a checked-out branch forward is killed: the checkout is wholly at one commit, with all that is the person's. */
export const deliveryKills = {
  title: 'kill -9 of a program that brings a checked-out branch forward, and of its broker',
  measure: ({ quick }) =>
    inRepository({ ...manyFiles(1500, 'first'), 'mine.txt': 'as committed\n' }, async (place) => {
      const { git } = place;
      const from = git('rev-parse', 'HEAD');
      for (const [path, text] of Object.entries(manyFiles(1500, 'second'))) place.write(path, text);
      git('commit', '-q', '-a', '-m', 'second');
      const to = git('rev-parse', 'HEAD');
      git('reset', '-q', '--hard', from);
      const begun = performance.now();
      git('merge', '-q', '--ff-only', to);
      const ms = performance.now() - begun;
      const rests = [];
      for (let n = 0; n < (quick ? 20 : 60); n += 1) rests.push(await deliverOnce(place, { from, to }, 0.8 * ms));
      return {
        limits: [
          limited(
            'checkouts that are half of something',
            count(rests, ({ rest }) => rest === 'half'),
            0,
            'of all',
          ),
        ],
        figures: {
          ...{
            kills: rests.length,
            old: count(rests, ({ rest }) => rest === 'old'),
            new: count(rests, ({ rest }) => rest === 'new'),
          },
          ...{ over_before_the_kill: count(rests, ({ wasOver }) => wasOver), delivery_ms: rounded(ms, 0) },
        },
      };
    }),
};
