import type { Git } from '../ports/index.ts';
import { modulesFaultWith } from './modules-file.ts';
import { readText } from './objects.ts';
import { LONG_MS, type RunGit } from './run.ts';

/** A row of equals signs underlines headings as well. */
const MARKER = /^(?:<+|>+|\|+)(?: |\r?$)/u;
/** So many merges of a branch are looked at, the latest. */
const MOST_MERGES = 20;

const LEFT = /^(?<path>.+):(?<line>\d+): leftover conflict marker$/u;

/** What is a branch's own, of what came onto it. */
export const openOwnWork = ({
  run,
}: {
  run: RunGit;
}): Pick<Git, 'ownBase' | 'leftMarkers' | 'modulesFault' | 'mergesBetween'> => {
  const isAncestor = async (commit: string, of: string): Promise<boolean> =>
    (await run(['merge-base', '--is-ancestor', commit, of], { accept: [0, 1] })).code === 0;

  const ownBase: Git['ownBase'] = async ({ start, head, onto }) => {
    if (onto === null || onto === start || onto === head) return start;
    const [isFromThere, isThere] = await Promise.all([isAncestor(start, onto), isAncestor(head, onto)]);
    if (!isFromThere || isThere) return start;
    const { stdout } = await run(['merge-base', '--all', onto, head], { accept: [0, 1], timeoutMs: LONG_MS });
    // Of several one may lack where it began: then all that came before would be its own.
    for (const base of stdout.split('\n').filter(Boolean)) if (await isAncestor(start, base)) return base;
    return start;
  };

  const leftMarkers: Git['leftMarkers'] = async (from, to) => {
    // It tells of lines that are new alone, and has its own word for files that show markers: conflict-marker-size.
    const args = ['diff', '--check', '--no-ext-diff', '--no-textconv', '--no-color', '-M', from, to, '--'];
    const { stdout } = await run(args, { accept: 'any', config: ['core.quotePath=false'], timeoutMs: LONG_MS });
    const places = stdout.split('\n').flatMap((text) => {
      const { path, line } = LEFT.exec(text)?.groups ?? {};
      return path === undefined ? [] : [{ path, line: Number(line) }];
    });
    const texts = new Map<string, readonly string[]>();
    for (const path of new Set(places.map((one) => one.path)))
      texts.set(path, ((await readText(run, to, path)) ?? '').split('\n'));
    return places.filter(({ path, line }) => MARKER.test(texts.get(path)![line - 1] ?? ''));
  };

  const mergesBetween: Git['mergesBetween'] = async (from, to) => {
    const args = [
      'log',
      '--merges',
      '--reverse',
      `--max-count=${MOST_MERGES}`,
      '--no-show-signature',
      '--format=%H %P',
    ];
    const { stdout } = await run([...args, `${from}..${to}`, '--'], { timeoutMs: LONG_MS });
    return stdout.split('\n').flatMap((line) => {
      const [commit, first, second, more] = line.split(' ');
      return commit && first && second && more === undefined ? [{ commit, parents: [first, second] as const }] : [];
    });
  };

  return { ownBase, leftMarkers, modulesFault: modulesFaultWith(run), mergesBetween };
};
