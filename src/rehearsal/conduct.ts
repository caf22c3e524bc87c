import type { Brief, Directive, DirectiveName } from './brief.ts';
import type { Options } from './options.ts';
import { seededNumber } from './seeded-number.ts';

/** How a task will be played. */
type Conduct = {
  readonly durationMs: number;
  readonly ending: 'honest' | 'lie' | 'crash';
};

/** `crash` and `hang` are for every start, `crash 2` for the first two of the task. */
const isForStart = ({ argument }: Directive, start: number): boolean =>
  !/^\d+$/u.test(argument) || start <= Number(argument);

const crashes = ({ directives, start }: Brief): boolean =>
  directives.some((one) => one.name === 'crash' && isForStart(one, start));

/** What disturbs the work at this start of the task. */
export const disturbancesOf = ({ directives, start }: Brief): readonly Directive[] =>
  directives.filter((one) => one.name !== 'hang' || isForStart(one, start));

const SLOW = 4;
/** The share of the range that complexity decides; the rest is chance. */
const WEIGHT = 0.7;

/** Whether a brief has a directive. */
export const isTold = (brief: Brief, name: DirectiveName): boolean =>
  brief.directives.some((directive) => directive.name === name);

/**
 * Decides from the brief, the options and the seed alone, so a rehearsal can be repeated; a further attempt of the
 * same task is another throw of the dice.
 */
export const conductOf = (task: string, brief: Brief, { taskMs, seed, failRate }: Options): Conduct => {
  const dice = (what: string) => seededNumber(seed, task, String(Math.max(brief.attempt, brief.start)), what);
  const share = ((brief.complexity - 1) / 9) * WEIGHT + dice('duration') * (1 - WEIGHT);
  const durationMs = Math.round(taskMs.lo + (taskMs.hi - taskMs.lo) * share) * (isTold(brief, 'slow') ? SLOW : 1);
  const chance = dice('fails') < failRate ? (dice('how') < 0.5 ? 'lie' : 'crash') : 'honest';
  return { durationMs, ending: crashes(brief) ? 'crash' : isTold(brief, 'lie') ? 'lie' : chance };
};
