import { makeTurns } from '../../lib/mutex.ts';
import type { Git } from '../../ports/index.ts';
import type { Clash, Foreseen, WorkNow } from '../../ports/radar.ts';
import type { RunGit } from '../run.ts';
import { clashingLines, differingLines, parseHunks } from './hunks.ts';
import { type ChangedFiles, changedByBoth, mightClash, parseNameStatus } from './might-clash.ts';
import { keepUpTo, memory } from './kept.ts';
import { isFile, type Merging, reachingOwn, type Shared, treeish } from './merges.ts';
import type { Pacer } from './pacer.ts';
import type { MergedFile } from './parse-merges.ts';

/** So many names of files in all. */
const KEPT_FILES = 50_000;
/** So many letters of what differs in all: branches that were long apart differ in thousands of files. */
const KEPT_LETTERS = 2_000_000;
/** In so many files of a pair the lines are looked for. */
const MOST_LINES = 20;

const DIFF = ['diff', '-U0', '--no-ext-diff', '--no-textconv', '--no-color', '--diff-algorithm=histogram'];

const keyOf = (a: WorkNow, b: WorkNow): string => {
  const key = `${a.head} ${treeish(a)} ${b.head} ${treeish(b)}`;
  return a.since === undefined || b.since === undefined ? key : `${key} ${a.since} ${b.since}`;
};

type Pair = { readonly at: readonly [number, number]; readonly works: readonly [WorkNow, WorkNow] };

const allPairs = (works: readonly WorkNow[]): Pair[] =>
  works.flatMap((ours, i) =>
    works.slice(i + 1).map((theirs, j): Pair => ({ at: [i, i + 1 + j], works: [ours, theirs] })),
  );

const isText = ({ stages }: MergedFile): boolean => [...stages.values()].every(({ mode }) => isFile(mode));

/** What is read of two sides before they are merged. */
const openReading = (shared: Shared) => {
  const { run } = shared;
  const bases = memory<string | null>();
  // As git says it: read, it takes four times as much.
  const changes = memory<string>(keepUpTo(KEPT_LETTERS, (text) => 500 + text.length));

  const baseOf = async (ours: WorkNow, theirs: WorkNow): Promise<string | null> => {
    if (ours.head === theirs.head) return ours.head;
    const heads = [ours.head, theirs.head].toSorted();
    return bases(heads.join(' '), async () => {
      const { code, stdout } = await run(['merge-base', ...heads], { accept: [0, 1] });
      return code === 0 ? stdout.trim() : null;
    });
  };
  const changesOf = async (base: string, work: WorkNow): Promise<ChangedFiles> => {
    if (base === treeish(work)) return new Map();
    const text = await changes(`${base} ${treeish(work)}`, async () => {
      const args = [
        'diff-tree',
        '-r',
        '-z',
        '--name-status',
        '--no-renames',
        '--no-ext-diff',
        base,
        treeish(work),
        '--',
      ];
      return (await run(args, { env: reachingOwn(shared, work) })).stdout;
    });
    return parseNameStatus(text);
  };
  return { baseOf, changesOf };
};

/** Finds the lines of each side in which they exclude each other. */
const clashOf = async (run: RunGit, file: MergedFile): Promise<Clash> => {
  const { path, kind, stages } = file;
  const [base, ours, theirs] = [1, 2, 3].map((stage) => stages.get(stage)?.id);
  if (ours === undefined || theirs === undefined || !isText(file)) return { path, kind, lines: [[], []] };
  const hunks = async (from: string, to: string) => parseHunks((await run([...DIFF, from, to])).stdout);
  const lines =
    base === undefined
      ? differingLines(await hunks(ours, theirs))
      : clashingLines(await hunks(base, ours), await hunks(base, theirs));
  return { path, kind, lines };
};

/** What each of these pairs would meet. */
const clashesOf = (merge: Merging, pairs: readonly Pair[]): Promise<readonly (readonly Clash[])[]> =>
  merge(
    pairs.map(({ works }) => works),
    async (outcomes, run) => {
      const found: Clash[][] = [];
      for (const outcome of outcomes) {
        const some = await Promise.all(outcome.slice(0, MOST_LINES).map((file) => clashOf(run, file)));
        const rest = outcome.slice(MOST_LINES).map(({ path, kind }): Clash => ({ path, kind, lines: [[], []] }));
        found.push([...some, ...rest]);
      }
      return found;
    },
  );

type OwnChanges = readonly [ChangedFiles, ChangedFiles];

/** Whether both have part in it themselves, and not only what they are built on; who has moved files may have it elsewhere. */
const isOwnClash = (own: OwnChanges | null, { path, kind }: Clash): boolean =>
  own === null || kind !== 'contents' || own.every((files) => files.has(path) || [...files.values()].includes('D'));

type Answer = { readonly both: readonly string[]; readonly clashes: readonly Clash[] };
/** What two works have in common; the answer is undefined where a merge is needed for it. */
type Comparison = { readonly answer?: Answer; readonly both: readonly string[]; readonly own?: OwnChanges | null };

/** What merges of all these with each other would meet; those alone are merged that change something in common. */
export const foreseeWith = (shared: Shared & { readonly pacer: Pacer }, merge: Merging): Git['foresee'] => {
  const { baseOf, changesOf } = openReading(shared);
  const inTurn = makeTurns(() => 2);
  const answers = keepUpTo<Answer>(KEPT_FILES, ({ both, clashes }) => 10 + both.length + clashes.length);

  /** What two works that begin somewhere have done themselves; where they part is not asked of git for that. */
  const ownChanges = async ([ours, theirs]: Pair['works']): Promise<OwnChanges | null> => {
    if (ours.since === undefined || theirs.since === undefined) return null;
    return [await changesOf(ours.since, ours), await changesOf(theirs.since, theirs)];
  };

  /** The answer as far as it is known without a merge; undefined where one is needed. */
  const compare = async ({ works }: Pair): Promise<Comparison> => {
    const [ours, theirs] = works;
    const own = await ownChanges(works);
    if (own && !mightClash(...own)) return { both: [], answer: { both: [], clashes: [] } };
    const base = await baseOf(ours, theirs);
    if (base === null)
      return { both: [], answer: { both: [], clashes: [{ path: '', kind: 'unrelated histories', lines: [[], []] }] } };
    const mine = await changesOf(base, ours);
    const other = mine.size === 0 ? mine : await changesOf(base, theirs);
    const both = own ? changedByBoth(...own) : changedByBoth(mine, other);
    return mightClash(mine, other) ? { both, own } : { both, answer: { both, clashes: [] } };
  };

  const find = async (pairs: readonly Pair[]): Promise<void> => {
    const compared = await Promise.all(pairs.map((pair) => inTurn(() => compare(pair))));
    const open = pairs.filter((_pair, i) => compared[i]!.answer === undefined);
    const clashes = open.length === 0 ? [] : await clashesOf(merge, open);
    for (const [i, pair] of pairs.entries()) {
      const { answer, both, own = null } = compared[i]!;
      const met = answer?.clashes ?? clashes[open.indexOf(pair)]!;
      answers.set(keyOf(...pair.works), { both, clashes: met.filter((clash) => isOwnClash(own, clash)) });
    }
  };

  return async (works, signal) => {
    const pairs = allPairs(works);
    const isUnknown = ({ works: [a, b] }: Pair): boolean => !answers.has(keyOf(a, b));
    // Others who ask meanwhile may have made what was known here be forgotten.
    while (pairs.some(isUnknown)) await shared.pacer(() => find(pairs.filter(isUnknown)), signal ? { signal } : {});
    const found = pairs.flatMap(({ at, works: [a, b] }): Foreseen[] => {
      const answer = answers.get(keyOf(a, b))!;
      return answer.both.length === 0 && answer.clashes.length === 0 ? [] : [{ pair: at, ...answer }];
    });
    answers.forget(pairs.length);
    return found;
  };
};
