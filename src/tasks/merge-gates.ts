import { withoutControls } from '../lib/text.ts';
import type { Batch } from '../state/batches.ts';
import type { GateSettings } from '../state/check-settings.ts';
import type { Settings } from '../state/settings.ts';
import type { Task } from '../state/tasks.ts';
import { checkOf } from './briefing.ts';
import { checkProblem } from './check-problem.ts';

/** A command that judges merges, with its name in reports. */
export type Gate = GateSettings;

/** How a program that judges has ended. */
type Ended = Parameters<typeof checkProblem>[1];

/** What judges the merges of these tasks: the check of merges or, without one, those of the tasks; then the gates. */
export const gatesFor = (settings: Settings, tasks: readonly Task[]): readonly Gate[] => {
  const { merge, gates } = settings.checks;
  const own = new Set(tasks.flatMap((task) => checkOf(task, settings) ?? []));
  const first =
    merge === undefined ? [...own].map((command) => ({ name: 'check', command })) : [{ name: 'merge', command: merge }];
  return [...first, ...gates];
};

type Checked = Pick<Batch, 'head_commit' | 'merged' | 'checks'>;

/**
 * What has not passed yet on a commit by itself: the check and the gates of the settings. What a batch has published was judged
 * by the checks of its tasks, which may have been others.
 */
export const groundGates = (settings: Settings, batches: readonly Checked[], commit: string): readonly Gate[] => {
  const { merge, task } = settings.checks;
  const isPublished = batches.some(({ head_commit, merged }) => head_commit === commit && merged.length > 0);
  const check = isPublished || merge !== undefined || !task ? [] : [{ name: 'check', command: task }];
  const hasPassed = ({ command }: Gate): boolean =>
    batches.some(({ checks }) =>
      checks.some((one) => one.commit === commit && one.command === command && one.problem === null),
    );
  return [...check, ...gatesFor(settings, [])].filter((gate) => !hasPassed(gate));
};

/** The batch in which a commit has failed a gate by itself that it has not passed since; undefined where there is none. */
export const failedGround = (
  settings: Settings,
  batches: readonly Batch[],
  commit: string,
): { readonly batch: string; readonly problem: string } | undefined => {
  const commands = groundGates(settings, batches, commit).map(({ command }) => command);
  const found = batches.flatMap(({ id, checks }) =>
    checks.flatMap((one) =>
      one.problem !== null && one.commit === commit && commands.includes(one.command)
        ? [{ batch: id, problem: one.problem }]
        : [],
    ),
  );
  return found.at(-1);
};

const LAST_PERCENTAGE = String.raw`(\d+(?:\.\d+)?)\s*%`;

/** The coverage that a gate printed, in per cent; undefined where there is no number. */
export const readCoverage = (
  { pattern = LAST_PERCENTAGE }: NonNullable<Gate['coverage']>,
  output: string,
): number | undefined => {
  const found = [...output.matchAll(new RegExp(pattern, 'gmu'))].at(-1);
  const number = Number(found?.slice(1).find((text) => text !== undefined) ?? Number.NaN);
  return Number.isFinite(number) ? number : undefined;
};

const coverageProblem = ({ coverage }: Gate, exit: Ended): string | undefined => {
  if (coverage === undefined) return undefined;
  const covered = readCoverage(coverage, withoutControls(exit.stdout));
  if (covered === undefined) return 'it printed no coverage';
  return covered < coverage.minimum ? `${covered} % is below ${coverage.minimum} %` : undefined;
};

/** Why a gate has failed, in words that begin with its name; undefined when it passed. */
export const gateProblem = (gate: Gate, exit: Ended): string | undefined => {
  const problem = checkProblem(gate.command, exit) ?? coverageProblem(gate, exit);
  return problem && (gate.name === 'check' || gate.name === 'merge' ? problem : `${gate.name}: ${problem}`);
};
