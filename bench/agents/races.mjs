import { execFileSync } from 'node:child_process';
import { until } from './stage.mjs';

/**
 * Two answers to one question at the same moment, again and again: the agent asks for one branch and, when it is allowed
 * that, for another, which nobody approves. A branch of the second kind is an approval that nobody has seen.
 */

/** Programs that are answered by keys: there a person at the terminal may be quicker. */
const BY_KEYS = ['codex', 'gemini'];
const DIALOG = /Would you like to run|Allow execution/u;
/** A program may take its time between two of its questions, in milliseconds. */
const PATIENCE_MS = 90_000;
/** How long a key that was pressed too late may take to have its way, in milliseconds. */
const SETTLE_MS = 1200;

const run = (stage, text) => stage.follower.replica.run(text, {});

const asksFor = (stage, name) => {
  const one = stage.follower.instance();
  return one?.state.kind === 'waiting' && one.question?.includes(name) ? one : undefined;
};

/** The exit code of a command of a shell, which rejects with its words where that is not 0. */
const exitOf = (ended) =>
  ended.then(
    ({ code }) => code,
    ({ message }) => Number(/ended with (\d+)/u.exec(message)?.[1] ?? 1),
  );

/** The ways in which two answers meet; each gives the exit codes of the commands. */
const WAYS = {
  'two with the time of the question': async (stage, { state }) => {
    const replies = await Promise.all([1, 2].map(() => run(stage, `approve ${stage.id} since=${state.since}`)));
    return replies.map(({ exit }) => exit);
  },
  'two bare commands of a shell': (stage) => Promise.all([1, 2].map(() => exitOf(stage.drover('approve', stage.id)))),
  'one, and a person at the terminal': async (stage, { state }, n) => {
    const answer = run(stage, `approve ${stage.id} since=${state.since}`);
    // Before it is drawn nobody presses anything for it, and Drover waits half a second then.
    await until('its dialog', () => DIALOG.test(stage.screen()));
    await stage.rest(50 + ((n * 70) % 350));
    stage.keys('Enter');
    return [(await answer).exit];
  },
};

const hasBranch = (stage, name) =>
  execFileSync('git', ['-C', stage.box.root, 'branch', '--list', name], { encoding: 'utf8' }).trim() !== '';

const isIdle = (stage) => stage.follower.instance()?.state.kind === 'idle';

const race = async (stage, { asking = 'bash' }, way, n) => {
  const [first, second] = [`race-${n}-a`, `race-${n}-b`];
  await until('rest', () => isIdle(stage), PATIENCE_MS);
  await run(stage, `tell ${stage.id} "%%${asking} git branch ${first} %%${asking} git branch ${second} %%say raced"`);
  const asked = await until(`it asks for ${first}`, () => asksFor(stage, first), PATIENCE_MS);
  const exits = await WAYS[way](stage, asked, n);
  const isNext = () => asksFor(stage, second) ?? (hasBranch(stage, second) || isIdle(stage));
  await until(`it asks for ${second}`, isNext, PATIENCE_MS);
  await stage.rest(SETTLE_MS);
  const unseen = hasBranch(stage, second);
  const now = asksFor(stage, second);
  if (now) await run(stage, `approve ${stage.id} since=${now.state.since}`);
  await until('the end of its turn', () => isIdle(stage), PATIENCE_MS);
  return { way, exits, unseen, done: hasBranch(stage, first) };
};

/** After so many pairs the program is started anew: opencode stops of itself after some dozens of approved commands. */
const PAIRS_PER_LIFE = 10;

/** What was raced before the program stopped of itself counts; where that was nothing, the scenario has failed. */
const raceSome = async (stage, program, { from, to, ways }) => {
  const races = [];
  try {
    for (let n = from; n <= to; n += 1) races.push(await race(stage, program, ways[n % ways.length], n));
  } catch (error) {
    if (races.length === 0) throw error;
    return { races, stopped: error.message };
  }
  return { races };
};

/** Scenarios of so many pairs of answers together. */
export const raceScenarios = (program, count) => {
  const ways = Object.keys(WAYS).filter((way) => BY_KEYS.includes(program.agent) || !way.includes('person'));
  return Array.from({ length: Math.ceil(count / PAIRS_PER_LIFE) }, (_, life) => {
    const from = life * PAIRS_PER_LIFE + 1;
    const to = Math.min(count, from + PAIRS_PER_LIFE - 1);
    const run = (stage) => raceSome(stage, program, { from, to, ways });
    return { name: `pairs of answers ${from} to ${to}`, judged: false, run };
  });
};

/** The pairs of all scenarios together. */
export const countRaces = (results) => {
  const all = results.flatMap(({ found }) => found?.races ?? []);
  const ways = Map.groupBy(all, ({ way }) => way);
  const count = (list) => ({
    pairs: list.length,
    unseen: list.filter(({ unseen }) => unseen).length,
    not_done: list.filter(({ done }) => !done).length,
    given: list.flatMap(({ exits }) => exits).filter((exit) => exit === 0).length,
    refused: list.flatMap(({ exits }) => exits).filter((exit) => exit === 6).length,
  });
  const stopped = results.filter(({ found }) => found?.stopped).length;
  return { ...count(all), stopped, ways: Object.fromEntries([...ways].map(([way, list]) => [way, count(list)])) };
};
