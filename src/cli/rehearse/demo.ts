import { withCleanEnd } from '../interrupt.ts';
import type { Flags, Io } from '../io.ts';
import { printLine } from '../print.ts';
import { type Stage, tellStory } from './director.ts';
import { SCRIPT_FILES, scriptSettings, withScript } from './demo-script.ts';
import { reportText } from './rehearsal-report.ts';
import { hasSucceeded, openRehearsal, type Plan, readPlan, rehearsePlan } from './rehearse.ts';
import { bundledPlan } from './scratch.ts';
import { beater, openScreenStage } from './screen-stage.ts';

const REMOVED = 'The demo has removed its repository, sessions and worktrees.';
const NEXT =
  'Next, in a repository of your own: drover init --agent rehearsal, which costs nothing (how to get it: README.md).';
/** Tasks that take as long as a person likes to watch: beats go by that. */
const TASK_MS = '2000..5000';
const paceOf = ({ taskMs }: Plan): number => Number(taskMs.split('..')[1]) / 5000;
const STAYS = 'Look around; Esc, then q, leaves.';
/** How many beats the last word stands on a screen at which nobody sits. */
const LAST_BEATS = 8;

/** The exit code, and what is said below the screen when everything is removed. */
type Shown = { readonly exit: number; readonly lines: readonly string[] };

const openStory = (plan: Plan, env: NodeJS.ProcessEnv) =>
  openRehearsal(plan, env, { settings: scriptSettings(paceOf(plan)), files: SCRIPT_FILES, rewrite: withScript });

/** On a terminal: the story on the screen, until the user leaves it or, where nobody has touched it, a while after its end. */
const onScreen = async (io: Io, plan: Plan): Promise<Shown> => {
  const { showTui } = await import('../screen/tui.ts');
  return withCleanEnd(
    io,
    () => openStory(plan, io.env),
    async (scratch) => {
      const { stage, guide, keysFrom, say, leave } = openScreenStage(paceOf(plan), scratch.closing);
      const told = tellStory(scratch, plan.instances, stage).catch((error: unknown) => error as Error);
      void told.then(async (ending) => {
        const [first, second] =
          ending instanceof Error ? ['✖ The demo failed:', ending.message] : [ending.headline, ending.lines[1]];
        const close = (how: string): void => say(`${first}\n${second}\nThe end. ${how} Then all of it is removed.`);
        close(stage.isTaken() ? STAYS : 'It closes by itself; any key keeps it.');
        await stage.beat(LAST_BEATS).catch(() => undefined);
        if (!stage.isTaken()) leave();
        else close(STAYS);
      });
      const paths = { ...io, env: scratch.env, cwd: scratch.paths.root };
      const left = await showTui(paths, scratch.paths, { guide, keysFrom, farewell: '' });
      const ending = await Promise.race([told, Promise.resolve(undefined)]);
      if (ending instanceof Error) throw ending;
      if (!ending) return { exit: left, lines: ['You left before the plan was done.', REMOVED, NEXT] };
      return { exit: left === 0 && !ending.isGood ? 1 : left, lines: [...ending.lines, REMOVED, NEXT] };
    },
  );
};

/** Without a screen: the story in lines. */
const inLines = (io: Io, flags: Flags, plan: Plan): Promise<Shown> =>
  withCleanEnd(
    io,
    () => openStory(plan, io.env),
    async (scratch) => {
      const stage: Stage = {
        tell: (title, text) => (flags.quiet ? undefined : printLine(io.stderr, `${title} ${text}`)),
        press: () => Promise.resolve(),
        isTaken: () => false,
        beat: beater(paceOf(plan), scratch.closing),
      };
      const { isGood, lines } = await tellStory(scratch, plan.instances, stage);
      return { exit: isGood ? 0 : 1, lines };
    },
  );

/** What a plan of one's own says otherwise stands behind it and counts. */
const DEFAULTS = [`--task-ms=${TASK_MS}`, '--instances=4'];

/** `drover demo`: a day of a swarm in less than a minute, in a scratch repository; with a plan of one's own its rehearsal. */
export const demo = async (io: Io, flags: Flags, argv: readonly string[]): Promise<number> => {
  const plan = readPlan([...DEFAULTS, ...argv], bundledPlan());
  if (flags.json || plan.spec !== bundledPlan()) {
    const report = await rehearsePlan(io, flags, plan);
    printLine(io.stdout, flags.json ? JSON.stringify(report, null, 2) : reportText(report));
    return hasSucceeded(report) ? 0 : 1;
  }
  const terminal = io.stdin.isTTY && io.stdout.isTTY && io.env['TERM'] !== 'dumb';
  const { exit, lines } = await (terminal ? onScreen(io, plan) : inLines(io, flags, plan));
  for (const line of lines) printLine(io.stdout, line);
  return exit;
};
