import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WIDE_MARKER } from '../lib/markers.ts';
import type { ConflictedFile, ConflictSide, Git } from '../ports/index.ts';
import { runMergeTree } from './merge-drivers.ts';
import { blobText, withEdits } from './objects.ts';
import { parseMerge } from './parse.ts';
import { DURABLE, LONG_MS, type RunGit, refused } from './run.ts';

const STAGES = { '1': 'base', '2': 'ours', '3': 'theirs' } as const;

/** Conflicts within a file, or about whether there is one. Of others, as of folders, nothing but a person makes sense. */
const WITHIN_FILES = /^CONFLICT \((?:contents|binary|modify\/delete)\)$/u;

/** A branch that is further behind is told of its latest opponents. */
const KEPT_COMMITS = 500;

const FILE_MODES: readonly string[] = ['100644', '100755'];

type Entry = { readonly path: string; readonly stage: keyof typeof STAGES; readonly mode: string; readonly id: string };

const entryOf = (line: string): Entry[] => {
  const { mode, id, stage, path } =
    /^(?<mode>\d+) (?<id>[0-9a-f]+) (?<stage>[123])\t(?<path>.+)$/su.exec(line)?.groups ?? {};
  return mode && id && stage && path ? [{ mode, id, stage: stage as keyof typeof STAGES, path }] : [];
};

/** The conflicts of a merge that nothing is made of, and what resolves them, in the object store alone. */
export const openConflicts = ({
  run,
}: {
  run: RunGit;
}): Pick<Git, 'conflicts' | 'mergeTexts' | 'changing' | 'editTree'> => {
  const sideOf = async (entry: Entry | undefined): Promise<ConflictSide | null> =>
    entry ? { mode: entry.mode, id: entry.id, text: await blobText(run, entry.id) } : null;

  const conflicts: Git['conflicts'] = async (ours, theirs) => {
    const args = ['merge-tree', '--write-tree', '-z', '--messages', ours, theirs];
    const exit = await runMergeTree(run, args, { config: DURABLE });
    if (exit.code !== 0 && exit.code !== 1) throw refused(args, exit);
    const { tree, files: lines, types } = parseMerge(exit.stdout);
    const entries = lines.flatMap(entryOf);
    const paths = [...new Set(entries.map(({ path }) => path))];
    const isWithinFiles =
      types.every((type) => WITHIN_FILES.test(type)) && entries.every(({ mode }) => FILE_MODES.includes(mode));
    if (!isWithinFiles) return { tree, files: null };
    const files: ConflictedFile[] = [];
    for (const path of paths) {
      const at = (stage: Entry['stage']) => entries.find((one) => one.path === path && one.stage === stage);
      const [base, mine, yours] = await Promise.all([sideOf(at('1')), sideOf(at('2')), sideOf(at('3'))]);
      files.push({ path, base, ours: mine, theirs: yours });
    }
    return { tree, files };
  };

  const mergeTexts: Git['mergeTexts'] = async (sides) => {
    const folder = await mkdtemp(join(tmpdir(), 'drover-merge-'));
    try {
      const names = ['ours', 'base', 'theirs'] as const;
      for (const name of names) await writeFile(join(folder, name), sides[name]);
      // It takes the place of a repository's own word for the width and the look of markers.
      const args = [
        'merge-file',
        '-p',
        '--diff3',
        `--marker-size=${WIDE_MARKER}`,
        '-L',
        '',
        '-L',
        '',
        '-L',
        '',
        ...names,
      ];
      const exit = await run(args, { cwd: folder, accept: 'any' });
      // It ends with the number of conflicts; what it cannot merge is no text.
      return exit.code === null || exit.code > 127 ? null : exit.stdout;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };

  const changing: Git['changing'] = async (from, to, paths) => {
    // Asked for paths, git passes over merges that are like one of their parents there.
    const shape = [
      '--no-show-signature',
      '--no-renames',
      '--name-only',
      '-z',
      '--format=%x00%x00%H',
      `--max-count=${KEPT_COMMITS}`,
    ];
    const args = ['log', ...shape, '--first-parent', '--diff-merges=first-parent', `${from}..${to}`, '--'];
    const records = (await run(args, { timeoutMs: LONG_MS })).stdout.split(/\0\0+/u).filter((record) => record !== '');
    return records.flatMap((record) => {
      const [commit = '', ...changed] = record.split('\0').map((field) => field.replace(/^\n/u, ''));
      return changed.some((path) => paths.includes(path)) ? [commit] : [];
    });
  };

  return { conflicts, mergeTexts, changing, editTree: (tree, edits) => withEdits(run, tree, edits) };
};
