import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { oneLine, shorten } from '../lib/text.ts';
import type { Git } from '../ports/index.ts';
import { readText } from './objects.ts';
import type { RunGit } from './run.ts';
import { inEmptyFolder } from './without-files.ts';

const NAME = '.gitmodules';

/** What git says of a setting that it ends with, or passes over because it could do harm. */
const REFUSED = /^(?:fatal|error): .*|^warning: (?:ignoring|Invalid) .*/mu;

/**
 * Why git refuses the `.gitmodules` that a commit has, where it changes it: git ends with some values wherever it looks at
 * commits, of whoever has them checked out. What it refuses it says itself, of that file in a folder with nothing else.
 */
export const modulesFaultWith =
  (run: RunGit): Git['modulesFault'] =>
  async (from, to) => {
    const entry = async (commit: string): Promise<string> =>
      (await run(['ls-tree', '--full-tree', commit, '--', NAME])).stdout;
    const [before, now] = await Promise.all([from, to].map(entry));
    if (now === '' || now === before) return null;
    if (!now!.startsWith('100')) return 'it is no file';
    const text = (await readText(run, to, NAME)) ?? '';
    return inEmptyFolder(async (folder) => {
      await writeFile(join(folder, NAME), text);
      const env = { GIT_WORK_TREE: folder, GIT_INDEX_FILE: join(folder, 'index') };
      // git reads the file only where something is a submodule.
      await run(['update-index', '-z', '--index-info'], { env, input: `160000 ${to}\tsub\0` });
      const { stderr } = await run(['diff-files', '--quiet'], { env, accept: 'any' });
      const [said] = REFUSED.exec(stderr) ?? [];
      return said === undefined ? null : shorten(oneLine(said.replaceAll(`${folder}/`, '')), 200);
    });
  };
