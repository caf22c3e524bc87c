import { join } from 'node:path';
import type { Git } from '../ports/index.ts';
import { occupantOf, placeOf, textOf } from './places.ts';
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
    const named = [...modules!.matchAll(SUBMODULE)].map(({ groups }) => groups!['path']!);
    // A sparse checkout has no folder for what it leaves out.
    const there = await Promise.all(named.map(async (path) => (await occupantOf(join(place, path))) !== 'nothing'));
    const submodules = named.filter((_, n) => there[n]);
    if (!/\bfilter=lfs\b/u.test(attributes!)) return { submodules, lfs: false };
    const asked = ['config', '--get-regexp', String.raw`^filter\.lfs\.(process|smudge)$`];
    return { submodules, lfs: (await run(asked, { accept: [0, 1] })).code !== 0 };
  };
