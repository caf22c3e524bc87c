import { withCleanEnd } from '../interrupt.ts';
import type { Flags, Io } from '../io.ts';
import { printLine } from '../print.ts';
import { reportText } from './rehearsal-report.ts';
import { hasSucceeded, openRehearsal, readPlan, rehearsePlan, runPlan } from './rehearse.ts';
import { bundledPlan } from './scratch.ts';

/** On a terminal: the screen on the running swarm, until the user leaves it; then everything is removed. */
const onScreen = async (io: Io, argv: readonly string[]): Promise<number> => {
  const plan = readPlan(argv, bundledPlan());
  const { showTui } = await import('../screen/tui.ts');
  const exit = await withCleanEnd(
    io,
    () => openRehearsal(plan, io.env),
    async (scratch) => {
      const running = runPlan(scratch, plan, () => undefined).catch((error: unknown) => error as Error);
      const notice = running.then((result) =>
        result instanceof Error
          ? `The demo failed: ${result.message}`
          : `${reportText(result).split('\n')[0]} Look around; Esc, then q, leaves.`,
      );
      const left = await showTui({ ...io, env: scratch.env, cwd: scratch.paths.root }, scratch.paths, {
        notice,
        farewell: '',
      });
      const report = await Promise.race([running, Promise.resolve(undefined)]);
      if (report instanceof Error) throw report;
      printLine(io.stdout, report ? reportText(report) : 'You left before the plan was done.');
      return left;
    },
  );
  printLine(io.stdout, 'The demo has removed its repository, sessions and worktrees.');
  return exit;
};

/** `drover demo`: the main job on the bundled plan, in a scratch repository. */
export const demo = async (io: Io, flags: Flags, argv: readonly string[]): Promise<number> => {
  const options = argv.some((word) => word.startsWith('--task-ms')) ? argv : [...argv, '--task-ms', '2000..6000'];
  const terminal = io.stdin.isTTY && io.stdout.isTTY && io.env['TERM'] !== 'dumb';
  if (terminal && !flags.json)
    return onScreen(
      io,
      argv.some((word) => word.startsWith('--instances')) ? options : [...options, '--instances', '4'],
    );
  const report = await rehearsePlan(io, flags, readPlan(argv, bundledPlan()));
  printLine(io.stdout, flags.json ? JSON.stringify(report, null, 2) : reportText(report));
  return hasSucceeded(report) ? 0 : 1;
};
