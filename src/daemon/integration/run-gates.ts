import { messageOf } from '../../lib/errors.ts';
import { withoutControls } from '../../lib/text.ts';
import type { Exit } from '../../ports/index.ts';
import { runWithin } from '../run-within.ts';
import { saidId } from '../../protocol/say.ts';
import type { Batch, BatchCheck } from '../../state/batches.ts';
import { type Gate, gateProblem, gatesFor, groundGates, readCoverage } from '../../tasks/merge-gates.ts';
import { runCheck } from '../actions/run-check.ts';
import { integrationPorts } from '../actions/worktree-ports.ts';
import { redGround } from '../errors.ts';
import { type DaemonServices, homeOf } from '../services.ts';
import type { Layer } from './build-stack.ts';
import { INTEGRATION } from './integration-worktree.ts';

/** Where and for whom gates run. */
export type GateRun = { readonly batch: Batch; readonly worktree: string; readonly signal: AbortSignal };

const stepped =
  (services: DaemonServices, { batch }: GateRun, task: string | null, gate: Gate) =>
  (turn: 'waits' | 'runs') =>
    void services
      .decide(() => [
        {
          type: 'batch.stepped',
          data: { id: batch.id, kind: turn === 'waits' ? 'wait' : 'gate', task, gate: gate.name },
        },
      ])
      // Where the journal refuses, what comes next says so.
      .catch(() => undefined);

/** Keeps what a gate printed; that it cannot be kept is no failure of the gate. */
const keepLog = async (
  services: DaemonServices,
  { batch }: GateRun,
  { gate, exits, before }: { readonly gate: Gate; readonly exits: readonly Exit[]; readonly before: string },
): Promise<string | undefined> => {
  const { files, paths } = services.home;
  const folder = `${homeOf(paths, INTEGRATION)}/gates/${batch.id}`;
  const file = `${folder}/${before}-${gate.name}.log`;
  const text = exits.map(({ stdout, stderr }) => `$ ${gate.command}\n${stdout}${stderr}`).join('\n');
  try {
    await files.makeFolder(folder);
    await files.write(file, text);
    return file;
  } catch (error) {
    services.log(`what the gate ${gate.name} of ${batch.id} printed is not kept: ${messageOf(error)}`);
    return undefined;
  }
};

/** How long the pattern of a coverage may take with what a gate printed, in milliseconds. */
const LONGEST_PATTERN_MS = 2000;

type Judgement = { readonly problem: string | undefined; readonly coverage?: number | undefined };

/** Why a gate has failed, and the coverage that it printed. */
const judgeGate = (gate: Gate, exit: Exit): Judgement => {
  const judged = runWithin(LONGEST_PATTERN_MS, () => ({
    problem: gateProblem(gate, exit),
    coverage: gate.coverage && readCoverage(gate.coverage, withoutControls(exit.stdout)),
  }));
  const problem = `${gate.name}: the pattern of its coverage takes too long; say it without a repetition inside of a repetition`;
  return judged?.value ?? { problem };
};

type Tries = { readonly exits: readonly Exit[]; readonly judgements: readonly Judgement[] };

/** Runs one gate on the commit that is checked out, again where it fails and may be flaky. */
const tryGate = async (
  services: DaemonServices,
  run: GateRun,
  gate: Gate,
  { commit, onTurn }: { readonly commit: string; readonly onTurn: (turn: 'waits' | 'runs') => void },
): Promise<Tries> => {
  const { settings, home } = services;
  const exits: Exit[] = [];
  const judgements: Judgement[] = [];
  do {
    if (exits.length > 0) await home.git.checkout(run.worktree, commit);
    const { command, timeout_ms: timeoutMs } = gate;
    const place = { command, timeoutMs, cwd: run.worktree, ports: integrationPorts(services) };
    const exit = await runCheck(services, home, { ...place, onTurn }, run.signal);
    exits.push(exit);
    judgements.push(judgeGate(gate, exit));
  } while (judgements.at(-1)!.problem !== undefined && judgements.length <= settings.checks.retries);
  return { exits, judgements };
};

/** What a gate judges: a commit, by the merges of tasks that it ends with; by none of them where it is judged by itself. */
type Judged = { readonly commit: string; readonly tasks: readonly string[] };

/** Runs one gate on what is checked out and records how it went; `turn` is the task that has the batch wait for it. */
const runGate = async (
  services: DaemonServices,
  run: GateRun,
  gate: Gate,
  { commit, tasks, turn }: Judged & { readonly turn: string | null },
): Promise<string | undefined> => {
  const began = Date.parse(services.now());
  const onTurn = stepped(services, run, turn, gate);
  const { exits, judgements } = await tryGate(services, run, gate, { commit, onTurn });
  const { problem = null, coverage } = judgements.at(-1)!;
  const n = services.store.state.batches[run.batch.id]!.checks.length + 1;
  const before = tasks.length === 0 ? `${n}-ground` : String(n);
  const log = await keepLog(services, run, { gate, exits, before });
  const check: BatchCheck = {
    ...{ task: tasks.at(-1) ?? null, commit, command: gate.command, gate: gate.name, problem },
    ms: Math.max(0, Date.parse(services.now()) - began),
    ...(tasks.length > 1 ? { tasks: [...tasks] } : {}),
    ...(log === undefined ? {} : { log }),
    ...(coverage === undefined ? {} : { coverage }),
    ...(exits.length > 1 ? { retries: exits.length - 1 } : {}),
    ...(problem === null && judgements[0]!.problem !== undefined ? { flaky: judgements[0]!.problem } : {}),
  };
  await services.decide(() => [{ type: 'batch.checked', data: { id: run.batch.id, ...check } }]);
  return problem ?? undefined;
};

/**
 * Runs the gates on the commit that a stack of merges ends with, in the integration worktree; the sentence that says which
 * failed and how, if one did.
 */
const runGates = async (
  services: DaemonServices,
  run: GateRun,
  layers: readonly Layer[],
): Promise<string | undefined> => {
  const gates = gatesFor(
    services.settings,
    layers.map(({ task }) => task),
  );
  if (gates.length === 0) return undefined;
  const { commit } = layers.at(-1)!;
  const tasks = layers.map(({ task }) => task.id);
  await services.home.git.checkout(run.worktree, commit);
  for (const gate of gates) {
    const problem = await runGate(services, run, gate, { commit, tasks, turn: tasks.at(-1)! });
    if (problem !== undefined) return problem;
  }
  return undefined;
};

/** What has not passed yet on a commit by itself. */
export const gatesLeft = ({ settings, store }: Pick<DaemonServices, 'settings' | 'store'>, commit: string) =>
  groundGates(settings, Object.values(store.state.batches), commit);

/** What helps where the integration branch fails by itself. */
export const repairWords = (target: string): string =>
  `repair it on your branch, then merge once more, after this has brought it in: sync branch ${saidId(target)}`;

/**
 * Which gate the commit of a batch fails by itself, and how; undefined where it passes, is known to, or nothing judges it. It is
 * recorded: what has passed is not judged again.
 */
export const groundProblem = async (
  services: DaemonServices,
  run: GateRun,
  task: string | null,
): Promise<string | undefined> => {
  const { head_commit: commit } = run.batch;
  const gates = gatesLeft(services, commit);
  if (gates.length === 0) return undefined;
  await services.home.git.checkout(run.worktree, commit);
  for (const gate of gates) {
    const problem = await runGate(services, run, gate, { commit, tasks: [], turn: task });
    if (problem !== undefined) return problem;
  }
  return undefined;
};

/** How much of a stack is good, and what is wrong with the merge after that. */
export type Verdict = { readonly good: number; readonly problem?: string };

/**
 * Judges a stack of merges by its last commit; where that is bad, halves it until the first merge is found with which the
 * gates fail. What is good has passed on its very commit. Rejects with `merge/red-ground` where nothing is, and what lies under
 * them fails as well.
 */
export const judgeStack = async (
  services: DaemonServices,
  run: GateRun,
  layers: readonly Layer[],
): Promise<Verdict> => {
  let problem = await runGates(services, run, layers);
  if (problem === undefined) return { good: layers.length };
  let [good, bad] = [0, layers.length];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    const found = await runGates(services, run, layers.slice(0, middle));
    if (found === undefined) good = middle;
    else [bad, problem] = [middle, found];
  }
  // Whoever merges onto a commit that fails by itself is not to blame: what a person brought in has done that.
  const ground = good === 0 ? await groundProblem(services, run, layers[0]!.task.id) : undefined;
  if (ground !== undefined) {
    const { target: branch, head_commit: commit } = run.batch;
    throw redGround({ branch, commit, problem: ground, help: repairWords(branch) });
  }
  return { good, problem };
};
