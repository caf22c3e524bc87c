import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { WorkLook, WorkNow } from '../../../src/ports/radar.ts';
import { noSandbox } from '../../helpers/sandbox.ts';
import { type Inside, openInside } from '../inside.ts';

const LONG = { timeout: 30_000 };

/** Follows what the worktree holds until the test ends. */
const follow = ({ git, worktree }: Inside): { readonly looks: WorkLook[] } => {
  const looks: WorkLook[] = [];
  const stop = new AbortController();
  const done = (async () => {
    for await (const look of git.work(worktree, stop.signal)) looks.push(look);
  })();
  onTestFinished(async () => {
    stop.abort();
    await done.catch(() => undefined);
  });
  return { looks };
};

const branch = (head: string): WorkNow => ({ head, tree: null, objects: null });

/** What a look has at a path; null when it is not there. */
const textIn = ({ user }: Inside, look: WorkLook | undefined, path: string): string | null => {
  if (!look || (look.tree !== null && look.objects !== null)) return null;
  try {
    return user('show', `${look.tree ?? look.head}:${path}`);
  } catch {
    return null;
  }
};

describe.skipIf(noSandbox !== undefined)(
  `what is foreseen of shut-in work (${noSandbox ?? 'there is a sandbox'})`,
  () => {
    test('[GIT-4] what is edited inside is seen, what is committed there moves the head, and both are as the repository has it', async () => {
      await using one = await openInside();
      const { first, inside, user, worktree } = one;
      const { looks } = follow(one);
      await vi.waitUntil(() => looks.length > 0, LONG);
      expect(looks[0]).toMatchObject({ head: first, tree: null, objects: null });
      inside('echo two > new.txt');
      await vi.waitUntil(() => looks.at(-1)!.tree !== null, LONG);
      expect(looks.at(-1)!.head).toBe(first);

      inside('git add --all; git commit -qm inside');
      const head = inside('git rev-parse HEAD').trim();
      await vi.waitUntil(() => looks.at(-1)!.head === head, LONG);
      await vi.waitFor(() => expect(looks.at(-1)).toMatchObject({ tree: null, objects: null }), LONG);
      expect(textIn(one, looks.at(-1), 'new.txt')).toBe('two\n');
      expect(user('rev-parse', 'work').trim()).toBe(head);

      // What git does inside to its index alone, and takes back, is no news that stays.
      inside('git reset -q --soft HEAD~1; git commit -qm "inside, once more"');
      const again = inside('git rev-parse HEAD').trim();
      await vi.waitUntil(() => looks.at(-1)!.head === again, LONG);
      expect(user('-C', worktree, 'status', '--porcelain')).toBe('');
    });

    test('[GIT-4] a conflict with what is committed and what is only edited inside is foreseen', async () => {
      await using one = await openInside({ files: { 'app.txt': 'one\n', 'other.txt': 'one\n' } });
      const { git, inside, user } = one;
      const base = user('rev-parse', 'work').trim();
      const theirs = one.commit(base, { 'app.txt': 'theirs\n', 'other.txt': 'theirs\n' });
      const { looks } = follow(one);
      const met = async (): Promise<string[]> => {
        const found = await git.foresee([looks.at(-1)!, branch(theirs)]);
        return found.flatMap(({ clashes }) => clashes.map(({ path }) => path)).toSorted();
      };
      await vi.waitUntil(() => looks.length > 0, LONG);
      expect(await met()).toEqual([]);
      inside('echo ours > app.txt; git commit -qam inside');
      const head = inside('git rev-parse HEAD').trim();
      await vi.waitUntil(() => looks.at(-1)!.head === head && looks.at(-1)!.tree === null, LONG);
      expect(await met()).toEqual(['app.txt']);
      inside('echo ours > other.txt');
      await vi.waitUntil(() => looks.at(-1)!.tree !== null, LONG);
      expect(await met()).toEqual(['app.txt', 'other.txt']);
      inside(`git checkout -q other.txt; git reset -q --hard ${base}`);
      await vi.waitUntil(() => looks.at(-1)!.head === base && looks.at(-1)!.tree === null, LONG);
      expect(await met()).toEqual([]);
    });
  },
);
