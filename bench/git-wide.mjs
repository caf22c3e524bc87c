import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { limited, rounded } from './figures.mjs';
import { inRepository, openProgram } from './git-repository.mjs';

const PROGRAMS = 4;
const WIDE = 4;

const files = Object.fromEntries(
  Array.from({ length: 200 }, (_, i) => [`src/part-${i % 10}/file-${i}.txt`, `line of file ${i}\n`.repeat(20)]),
);

/** Worktrees made sixteen at once by four programs that know nothing of each other: none may fail, and each has its files. */
export const wide = {
  title: `100 worktrees, ${PROGRAMS * WIDE} at once, by ${PROGRAMS} programs that know nothing of each other`,
  measure: ({ quick }) =>
    inRepository(files, async (place) => {
      const each = quick ? 5 : 25;
      const begun = performance.now();
      const programs = Array.from({ length: PROGRAMS }, (_, n) => openProgram(place, ['add', `p${n}`, each, WIDE]));
      const codes = await Promise.all(programs.map(({ ended }) => ended));
      const ms = performance.now() - begun;
      if (codes.some((code) => code !== 0)) throw new Error(`the programs ended with ${codes.join(', ')}`);
      const told = programs.flatMap(({ lines }) => lines);
      const isWhole = ([verb, id]) => {
        const at = join(place.root, '..', 'trees', id);
        return verb === 'added' && existsSync(join(at, 'src')) && place.git('-C', at, 'status', '--porcelain') === '';
      };
      const lacking = told.filter((line) => !isWhole(line));
      for (const line of lacking.slice(0, 3)) process.stderr.write(`${line.join(' ')}\n`);
      return {
        limits: [limited('worktrees that were not made', PROGRAMS * each - told.length + lacking.length, 0, 'of all')],
        figures: { worktrees: PROGRAMS * each, ms: rounded(ms, 0), each_ms: rounded(ms / (PROGRAMS * each), 1) },
      };
    }),
};
