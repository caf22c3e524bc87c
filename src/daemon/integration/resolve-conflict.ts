import { conflictFile } from '../../merge/conflict-record.ts';
import { hasNewMarkers } from '../../merge/markers.ts';
import { ruleFor } from '../../merge/path-rules.ts';
import { type FileResolution, resolveFile } from '../../merge/resolve-file.ts';
import type { ConflictedFile } from '../../ports/conflicts.ts';
import type { Batch } from '../../state/batches.ts';
import type { Side } from '../../state/conflict-records.ts';
import type { Task } from '../../state/tasks.ts';
import type { DaemonServices } from '../services.ts';
import { recall, sourcesOf } from './memory.ts';
import { opponentsOf } from './opponents.ts';
import { regenerate } from './regenerate.ts';

/** A merge of a batch that git alone cannot make. Nothing of it is on any branch. */
export type MergeConflict = {
  readonly batch: Batch;
  readonly task: Task;
  /** The commit that the batch has come to. */
  readonly ours: string;
  /** The verified commit of the task. */
  readonly theirs: string;
  /** The merges that are not on the branch yet, and are in the first commit. */
  readonly below: readonly { readonly task: Task; readonly commit: string }[];
  /** The files that conflict; none where the two histories have nothing in common. */
  readonly files: readonly string[];
  /** What git said of them. */
  readonly detail: string;
};

type Solving = { readonly file: ConflictedFile; readonly resolution: FileResolution };

/** What nothing else resolves, as somebody resolved the same conflict before. */
const asBefore = async (
  services: DaemonServices,
  file: ConflictedFile,
  resolution: FileResolution,
): Promise<FileResolution> => {
  if (resolution.kind !== 'open' || resolution.text === null || !services.settings.integration.remember)
    return resolution;
  const known = await recall(services, file, resolution.text);
  if (!known) return resolution;
  const edit = { path: file.path, content: known.content };
  return { kind: 'solved', edit, how: `as the same conflict was resolved before: ${known.how}`, memory: known.key };
};

/** What is resolved without a program: by rules, by what files are, by what was done before, and by a person's choice. */
const solveFiles = async (
  services: DaemonServices,
  files: readonly ConflictedFile[],
  choice: Side | undefined,
): Promise<readonly Solving[]> => {
  const { mergeTexts } = services.home.git;
  const means = { mergeTexts, choice };
  const rules = services.settings.integration.resolve;
  const solved: Solving[] = [];
  for (const file of files) {
    const rule = ruleFor(file.path, rules);
    const resolution = await resolveFile(file, rule, means);
    const isForgotten = choice !== undefined || rule?.how === 'hand-over';
    solved.push({ file, resolution: isForgotten ? resolution : await asBefore(services, file, resolution) });
  }
  return solved;
};

const editsOf = (all: readonly Solving[]) =>
  all.flatMap(({ resolution }) => (resolution.kind === 'open' ? [] : [resolution.edit]));

/** Has programs make files anew once everything else is resolved: they read that. */
const regenerateFiles = async (
  services: DaemonServices,
  { ours, theirs }: Pick<MergeConflict, 'ours' | 'theirs'>,
  tree: string,
  all: readonly Solving[],
): Promise<readonly Solving[]> => {
  const { git } = services.home;
  const isOpen = all.some(({ resolution }) => resolution.kind === 'open');
  let current = await git.editTree(tree, editsOf(all));
  const made: Solving[] = [];
  for (const { file, resolution } of all) {
    if (resolution.kind !== 'regenerate' || isOpen) {
      made.push({ file, resolution });
      continue;
    }
    const { path } = file;
    const { command, how } = resolution;
    const result = await regenerate(services, { ours, theirs, tree: current }, { path, command });
    if ('problem' in result || hasNewMarkers(result.content, sourcesOf(file))) {
      const why = 'problem' in result ? result.problem : `"${command}" left the markers of a conflict in it`;
      made.push({ file, resolution: { kind: 'open', how: why, text: null } });
      continue;
    }
    const edit = { path, content: result.content };
    current = await git.editTree(current, [edit]);
    made.push({ file, resolution: { kind: 'solved', how, edit } });
  }
  return made;
};

/** Puts down what was in conflict, with whom, and what was made of it. */
const recordExamined = (
  services: DaemonServices,
  { batch, task, ours, theirs }: MergeConflict,
  found: { readonly all: readonly Solving[]; readonly opponents: readonly string[]; readonly note: string | null },
): Promise<unknown> =>
  services.decide(() => [
    {
      type: 'conflict.examined',
      data: {
        batch: batch.id,
        task: task.id,
        ours,
        theirs,
        with: [...found.opponents],
        files: found.all.map(({ file, resolution }) => conflictFile(file, resolution)),
        note: found.note,
      },
    },
  ]);

/**
 * The tree that resolves a conflict; undefined where something is left for an agent or a person, and the task is set aside.
 * What it proposes becomes the merge commit and passes the gates like any other.
 */
export const resolveConflict = async (
  services: DaemonServices,
  conflict: MergeConflict,
): Promise<string | undefined> => {
  const { batch, ours, theirs, files: names, detail } = conflict;
  const { git } = services.home;
  const opponents = await opponentsOf(services, conflict);
  if (names.length === 0) {
    await recordExamined(services, conflict, { all: [], opponents, note: detail });
    return undefined;
  }
  const { tree, files } = await git.conflicts(ours, theirs);
  if (files === null) {
    await recordExamined(services, conflict, { all: [], opponents, note: detail });
    return undefined;
  }
  const solved = await solveFiles(services, files, batch.side ?? undefined);
  const all = await regenerateFiles(services, conflict, tree, solved);
  await recordExamined(services, conflict, { all, opponents, note: null });
  const isOpen = all.some(({ resolution }) => resolution.kind === 'open');
  return isOpen ? undefined : git.editTree(tree, editsOf(all));
};
