import { execa } from 'execa';
import { openReplica } from '../../client/replica.ts';
import { CONFLICT_FIXTURES } from '../../rehearsal/conflict-fixtures.ts';
import type { State } from '../../state/index.ts';
import { type ConflictTrial, TRIAL_STRATEGIES, type TrialStrategy } from '../../text/conflict-trial.ts';
import { withCleanEnd } from '../interrupt.ts';
import type { Flags, Io } from '../io.ts';
import { printLine } from '../print.ts';
import { bundledPlan, openScratch, type Scratch } from './scratch.ts';
import { untilState } from './until.ts';

const FIXTURES = Object.keys(CONFLICT_FIXTURES);

/** Each strategy has the files in a folder of its own, so that none is in the way of another. */
const placeOf = (strategy: TrialStrategy, fixture: string): string => `${strategy}/${fixture}`;

const filesFor = (strategies: readonly TrialStrategy[]): Record<string, string> =>
  Object.fromEntries(
    Object.entries(CONFLICT_FIXTURES).flatMap(([path, { base, first, second }]) => [
      [`sides/first/${path}`, first],
      [`sides/second/${path}`, second],
      ...strategies.map((strategy) => [placeOf(strategy, path), base]),
    ]),
  );

const firstOf = (strategy: TrialStrategy): string => `${strategy}-first`;
const secondOf = (strategy: TrialStrategy, fixture: string): string => `${strategy}-${FIXTURES.indexOf(fixture) + 1}`;

const wordsFor = (side: 'first' | 'second', strategy: TrialStrategy, fixtures: readonly string[]): string =>
  `rehearse: ${fixtures.map((path) => `copy sides/${side}/${path} ${placeOf(strategy, path)}`).join('; ')}`;

/** The state as soon as it is so. */
const until = async (scratch: Scratch, holds: (state: State) => boolean): Promise<State> => {
  const { paths, env, closing } = scratch;
  const replica = await openReplica({ paths, env, view: () => ({ columns: 120, color: false }), actor: 'cli' });
  return untilState(replica, closing, holds).finally(replica.close);
};

/** One branch of each strategy changes all files, and one for each file changes it otherwise. */
const makeConflicts = async (scratch: Scratch, strategies: readonly TrialStrategy[]): Promise<void> => {
  for (const strategy of strategies) {
    await scratch.say(['create', 'task', wordsFor('first', strategy, FIXTURES), `id=${firstOf(strategy)}`]);
    for (const fixture of FIXTURES)
      await scratch.say([
        'create',
        'task',
        wordsFor('second', strategy, [fixture]),
        `id=${secondOf(strategy, fixture)}`,
      ]);
  }
  await scratch.say(`launch ${Math.min(4, strategies.length + 1)} instances`);
  await scratch.say('run all tasks wait=true');
  for (const strategy of strategies) await scratch.say(`merge branch ${firstOf(strategy)}`);
  await scratch.say('merge completed branches', [6]);
};

const isSettled = ({ tasks, batches }: State, id: string): boolean =>
  tasks[id]?.batch != null ||
  tasks[id]?.state === 'failed' ||
  Object.values(batches)
    .at(-1)
    ?.set_aside.some((one) => one.task === id && one.sent_back === undefined) === true;

const apply = async (scratch: Scratch, strategy: TrialStrategy, ids: readonly string[]): Promise<void> => {
  if (ids.length === 0) return;
  if (strategy !== 'agent') {
    await scratch.say(`resolve conflicts ${ids.join(', ')} ${strategy} wait=true`, [6]);
    return;
  }
  await scratch.say(`resolve conflicts ${ids.join(', ')} agent=rehearsal-1`);
  await until(scratch, (state) => ids.every((id) => isSettled(state, id)));
};

const howOf = ({ conflicts }: State, id: string): string =>
  Object.values(conflicts)
    .findLast((record) => record.task === id)
    ?.files.map(({ how }) => how)
    .join('; ') ?? '';

const countMarkers = async ({ paths, env }: Scratch): Promise<number> => {
  const args = ['log', '--all', '-m', '--first-parent', '--format=%x01', '-p', '--no-color', '--no-ext-diff'];
  const { stdout } = await execa('git', args, { cwd: paths.root, env, extendEnv: false, maxBuffer: 64 * 1024 * 1024 });
  return stdout.split('\x01').filter((commit) => /^\+(?:<{7}|>{7}|\|{7})(?: |$)/mu.test(commit)).length;
};

const tryStrategies = async (scratch: Scratch, strategies: readonly TrialStrategy[]): Promise<ConflictTrial> => {
  await makeConflicts(scratch, strategies);
  const before = await until(scratch, () => true);
  const isMerged = ({ tasks }: State, id: string): boolean => tasks[id]?.batch != null;
  for (const strategy of strategies) {
    const open = FIXTURES.map((fixture) => secondOf(strategy, fixture)).filter((id) => !isMerged(before, id));
    await apply(scratch, strategy, open);
  }
  const after = await until(scratch, () => true);
  const rows = strategies.flatMap((strategy) =>
    FIXTURES.map((fixture): ConflictTrial['rows'][number] => {
      const id = secondOf(strategy, fixture);
      if (isMerged(before, id)) return { fixture, strategy, outcome: 'by itself', how: howOf(before, id) };
      if (!isMerged(after, id)) return { fixture, strategy, outcome: 'handed over', how: howOf(after, id) };
      const how = strategy === 'agent' ? 'by an agent, on its branch' : howOf(after, id);
      return { fixture, strategy, outcome: 'resolved', how };
    }),
  );
  return { rows, markers: await countMarkers(scratch) };
};

/** `drover rehearse --conflicts [STRATEGY]`: conflicts made on purpose, in a repository that is thrown away. */
export const rehearseConflicts = async (io: Io, flags: Flags, argv: readonly string[]): Promise<number> => {
  const said = TRIAL_STRATEGIES.filter((strategy) => argv.includes(strategy));
  const strategies = said.length > 0 ? said : TRIAL_STRATEGIES;
  const settings = { agent: 'rehearsal', rehearsal: { plans: true }, limits: { maxInstances: 10 } };
  const env = { ...io.env, DROVER_REHEARSAL_TASK_MS: '20..40' };
  const trial = await withCleanEnd(
    io,
    () => openScratch({ spec: bundledPlan(), settings, env, files: filesFor(strategies) }),
    (scratch) => tryStrategies(scratch, strategies),
  );
  const lines = trial.rows.map(({ strategy, fixture, outcome, how }) => `${strategy}  ${fixture}  ${outcome}: ${how}`);
  printLine(io.stdout, flags.json ? JSON.stringify(trial) : lines.join('\n'));
  return trial.markers === 0 ? 0 : 1;
};
