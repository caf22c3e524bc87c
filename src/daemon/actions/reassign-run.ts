import { messageOf } from '../../lib/errors.ts';
import { oneLine, shortened, withoutControls } from '../../lib/text.ts';
import { plainLines } from '../../logs/plain.ts';
import { readLog } from '../../logs/read.ts';
import type { Landing } from '../../ports/index.ts';
import type { State } from '../../state/index.ts';
import { findMode } from '../../state/modes.ts';
import type { Run, Task } from '../../state/tasks.ts';
import type { HandOver } from '../../tasks/brief.ts';
import { unfinishedRun } from '../../tasks/recovery.ts';
import type { DaemonServices } from '../services.ts';

const LOG_BYTES = 16 * 1024;
const LAST_LINES = 12;
const LINE_LENGTH = 200;

/** What an instance printed last, in lines of a length that a brief can hold. */
const lastWords = async ({ paths, log }: DaemonServices, instance: string): Promise<readonly string[]> => {
  const lines: string[] = [];
  try {
    for await (const line of plainLines(readLog(`${paths.logs}/${instance}`, { tailBytes: LOG_BYTES }))) {
      const text = shortened(oneLine(withoutControls(line)).trim(), LINE_LENGTH);
      if (text !== '') lines.push(text);
    }
  } catch (error) {
    log(`the log of ${instance} cannot be read: ${messageOf(error)}`);
  }
  return lines.slice(-LAST_LINES);
};

/** Commits what the instance of a run left uncommitted on its branch, wherever that is still checked out; nothing is lost. */
export const saveUnfinished = async (services: DaemonServices, state: State, task: string, run: Run): Promise<void> => {
  const holder = state.instances[run.instance];
  if (!holder) return;
  try {
    if (!(await services.git.hasWorktree(holder.workspace_path))) return;
    const { branch, dirty } = await services.git.worktreeState(holder.workspace_path);
    if (branch !== run.branch || dirty.length === 0) return;
    const saved = await services.git.saveWork(holder.workspace_path, `WIP of ${run.instance} on ${task}`);
    if (saved !== null) services.log(`saved uncommitted work of ${run.instance} as ${saved} on ${run.branch}`);
  } catch (error) {
    services.log(`uncommitted work of ${run.instance} could not be saved: ${messageOf(error)}`);
  }
};

type Point = Extract<Landing, { kind: 'landed' }>;

/** Where a task begins: its base, and the commit of its branch, which holds the unfinished work of the one before as well. */
export type Beginning = { readonly base: string; readonly commit: string; readonly handOver: HandOver | undefined };

/** Begins with what an unfinished run has left, where it can be joined with what the task builds on. */
export const beginningOf = async (
  services: DaemonServices,
  state: State,
  task: Task,
  { commit: base }: Point,
): Promise<Beginning> => {
  const plain: Beginning = { base, commit: base, handOver: undefined };
  const run = unfinishedRun(task);
  // A review changes nothing.
  const reads = run?.mode != null && findMode(run.mode, services.settings)?.read_only;
  if (!run?.failure || reads) return plain;
  await saveUnfinished(services, state, task.id, run);
  const head = await services.git.resolve(`refs/heads/${run.branch}`);
  if (head === null || head === run.start_commit) return plain;
  const joined = await services.git.joined([base, head], `Go on with ${task.id}`);
  const [commits, { files }] = await Promise.all([
    services.git.commits(run.start_commit, head),
    services.git.diff(run.start_commit, head),
  ]);
  const handOver: HandOver = {
    instance: run.instance,
    branch: run.branch,
    why: `${run.failure.class}: ${run.failure.message}`,
    commits: commits.map(({ commit, subject }) => `${commit.slice(0, 10)} ${subject}`),
    files: files.map(({ path, insertions, deletions }) => `${path} +${insertions ?? '?'} -${deletions ?? '?'}`),
    lastWords: await lastWords(services, run.instance),
    joined: joined.kind === 'landed',
  };
  return { base, commit: joined.kind === 'landed' ? joined.commit : base, handOver };
};
