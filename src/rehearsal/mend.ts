import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Brief } from './brief.ts';
import { isTold } from './conduct.ts';
import type { Desk } from './desk.ts';
import { BROKEN, readInside, writeInside } from './files.ts';
import { runProgram } from './run.ts';

const MARKERS = /^(?:<{7}|>{7}|={7})(?: .*)?$/u;
const BASE = /^\|{7}(?: .*)?$/u;

/** A text with conflicts in which the lines of both sides stand, one after the other. */
const withBoth = (text: string): string => {
  let isBase = false;
  return text
    .split('\n')
    .filter((line) => {
      if (BASE.test(line)) isBase = true;
      else if (MARKERS.test(line)) isBase = false;
      return !isBase && !MARKERS.test(line);
    })
    .join('\n');
};

type Job = { readonly brief: Brief; readonly env: NodeJS.ProcessEnv };

/** The paths in which a merge conflicts, and why it cannot be made at all. */
const mergeIn = async (branch: string, { env }: Job, desk: Desk): Promise<readonly string[] | string> => {
  const place = { cwd: desk.cwd, env, signal: desk.signal };
  const merged = await runProgram(['git', '-c', 'commit.gpgsign=false', 'merge', '--no-edit', branch], place);
  if (merged.code === 0) return [];
  const list = ['git', 'diff', '--name-only', '--diff-filter=U', '--'] as const;
  const paths = await runProgram([...list], { ...place, lines: 100 });
  return paths.tail.length === 0 ? `git: ${merged.tail.at(-1) ?? 'the merge was refused'}` : paths.tail;
};

/**
 * Makes work fit that was sent back: brings in the branch that the brief names and lets the lines of both stay. Gives the
 * paths that are to be committed, or what is in the way.
 */
export const mend = async (job: Job, desk: Desk): Promise<readonly string[] | string> => {
  const { brief, env } = job;
  if (brief.merge === null || isTold(brief, 'stubborn')) return [];
  const conflicting = await mergeIn(brief.merge, job, desk);
  if (typeof conflicting === 'string') return conflicting;
  for (const path of conflicting) {
    const text = await readInside(desk.cwd, path);
    if (text !== undefined && !isTold(brief, 'markers')) await writeInside(desk.cwd, path, withBoth(text), 'replace');
    desk.say(`  resolved ${path}`);
  }
  if (conflicting.length > 0) {
    const place = { cwd: desk.cwd, env, signal: desk.signal };
    await runProgram(['git', 'add', '--sparse', '--', ...conflicting], place);
    await runProgram(['git', '-c', 'commit.gpgsign=false', 'commit', '--quiet', '--no-edit'], place);
  }
  if ((await readInside(desk.cwd, BROKEN)) === undefined) return [];
  await rm(join(desk.cwd, BROKEN));
  return [BROKEN];
};
