import { join } from 'node:path';
import type { Git } from '../ports/index.ts';
import { placeOf, textOf } from './places.ts';
import type { RunGit } from './run.ts';

const SUBMODULE = /^[ \t]*path[ \t]*=[ \t]*(?<path>.+?)[ \t]*$/gmu;

/** Sees what git itself does not put into a new worktree: submodules, and large files where their filter is not set up. */
export const lackingWith =
  (run: RunGit): Git['lacking'] =>
  async (worktree) => {
    const place = await placeOf(worktree);
    const [modules, attributes] = await Promise.all(
      ['.gitmodules', '.gitattributes'].map(async (name) => (await textOf(join(place, name))) ?? ''),
    );
    const submodules = [...modules!.matchAll(SUBMODULE)].map(({ groups }) => groups!['path']!);
    if (!/\bfilter=lfs\b/u.test(attributes!)) return { submodules, lfs: false };
    const asked = ['config', '--get-regexp', String.raw`^filter\.lfs\.(process|smudge)$`];
    return { submodules, lfs: (await run(asked, { accept: [0, 1] })).code !== 0 };
  };
