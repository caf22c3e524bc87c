import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openWorld, userGit, type World } from './world.ts';

type File = { readonly mode: string; readonly content: string };
type Files = ReadonlyMap<string, File>;

const PATHS = ['a', 'b', 'd', 'd/a', 'd/b', 'd/e', 'd/e/c', 'd/e/f', 'g/x', 'g/y', 'g/h/z', 'odd "n\\me"\nü', 'g'];
const MODES = ['100644', '100755', '120000', '160000'];

/** Lines that have nothing in common with those of other numbers, so that a rename is seen as one. */
const text = (n: number): string => Array.from({ length: 6 }, (_line, at) => `${n * 7919 + at * 104_729}\n`).join('');

const put = (files: Files, path: string, file: File): Files =>
  new Map(
    [...files].filter(([one]) => !one.startsWith(`${path}/`) && !path.startsWith(`${one}/`)).concat([[path, file]]),
  );

const without = (files: Files, isGone: (path: string) => boolean): Files =>
  new Map([...files].filter(([path]) => !isGone(path)));

/** What somebody does to the files. */
const steps = fc.oneof(
  fc.record({
    kind: fc.constant('write' as const),
    path: fc.constantFrom(...PATHS),
    n: fc.nat(999),
    mode: fc.constantFrom(...MODES, '100644', '100644'),
  }),
  fc.record({ kind: fc.constant('append' as const), path: fc.constantFrom(...PATHS), n: fc.nat(999) }),
  fc.record({ kind: fc.constant('remove' as const), path: fc.constantFrom(...PATHS) }),
  fc.record({
    kind: fc.constant('move' as const),
    path: fc.constantFrom(...PATHS),
    to: fc.constantFrom('m', 'd/m', 'new/m', 'a'),
  }),
);
type Step = typeof steps extends fc.Arbitrary<infer One> ? One : never;

const moved = (files: Files, from: string, to: string): Files => {
  const taken = [...files].filter(([path]) => path === from || path.startsWith(`${from}/`));
  const rest = without(files, (path) => taken.some(([one]) => one === path));
  return taken.reduce((now, [path, file]) => put(now, `${to}${path.slice(from.length)}`, file), rest);
};

const done = (files: Files, step: Step): Files => {
  const file = files.get(step.path);
  if (step.kind === 'write') return put(files, step.path, { mode: step.mode, content: text(step.n) });
  if (step.kind === 'append')
    return file?.mode.startsWith('100')
      ? put(files, step.path, { ...file, content: `${file.content}${step.n}\n` })
      : files;
  if (step.kind === 'remove') return without(files, (path) => path === step.path || path.startsWith(`${step.path}/`));
  return moved(files, step.path, step.to);
};

type Made = { readonly parents: readonly number[]; readonly files: Files };

const COMMIT_OF_ANOTHER = 'c'.repeat(39);

/** Makes commits by one process; the parents of each are numbers of earlier ones. */
const makeCommits = (world: World, all: readonly Made[]): readonly string[] => {
  const data = (content: string) => `data ${Buffer.byteLength(content)}\n${content}\n`;
  const quoted = (path: string) => JSON.stringify(path).replaceAll('\\n', '\\n');
  const stream = all.map(({ parents, files }, n) => {
    const [first, ...more] = parents;
    const head = `commit refs/test/stack\nmark :${n + 1}\ncommitter T <t@t> ${1_700_000_000 + n} +0000\n${data(`${n}`)}`;
    const from = first === undefined ? '' : `from :${first + 1}\n`;
    const lines = [...files].map(([path, { mode, content }]) =>
      mode === '160000'
        ? `M 160000 ${COMMIT_OF_ANOTHER}${content.length % 9} ${quoted(path)}\n`
        : `M ${mode} inline ${quoted(path)}\n${data(mode === '120000' ? content.slice(0, 5).trim() : content)}`,
    );
    const reset = n === 0 ? 'reset refs/test/stack\n\n' : '';
    return `${reset}${head}${from}${more.map((parent) => `merge :${parent + 1}\n`).join('')}deleteall\n${lines.join('')}\nget-mark :${n + 1}\n`;
  });
  const text = execFileSync('git', ['fast-import', '--quiet', '--force', '--done'], {
    cwd: world.root,
    env: world.env,
    input: `${stream.join('')}reset refs/test/stack\n\ndone\n`,
    encoding: 'utf8',
  });
  return text.trim().split('\n');
};

const branches = fc.array(fc.record({ from: fc.nat(9), steps: fc.array(steps, { minLength: 1, maxLength: 3 }) }), {
  minLength: 2,
  maxLength: 6,
});
const histories = fc.record({
  first: fc.array(steps, { minLength: 3, maxLength: 9 }),
  since: fc.array(steps, { maxLength: 2 }),
  branches,
});

/** What git itself makes of the same merges, one after the other in a checkout. */
const mergedByGit = (world: World, onto: string, heads: readonly string[]): readonly string[] => {
  const git = userGit(world.root, world.env);
  git('checkout', '--quiet', '--force', '--detach', onto);
  git('clean', '-ffdxq');
  return heads.map((head) => {
    git('merge', '--quiet', '--no-ff', '--no-edit', head);
    return git('rev-parse', 'HEAD^{tree}').trim();
  });
};

test('[GIT-3] branches put together by one stream have the very trees that git merge makes of them', async () => {
  await using world = await openWorld();
  let together = 0;
  await fc.assert(
    fc.asyncProperty(histories, async ({ first, since, branches: wanted }) => {
      const base = first.reduce(done, new Map([['start', { mode: '100644', content: text(1000) }]]) as Files);
      const made: Made[] = [
        { parents: [], files: base },
        { parents: [0], files: since.reduce(done, base) },
      ];
      for (const { from, steps: own } of wanted) {
        const parent = from % made.length;
        made.push({ parents: [parent], files: own.reduce(done, made[parent]!.files) });
      }
      const [, onto, ...heads] = makeCommits(world, made);
      const before = world.user('for-each-ref');
      const commits = await world.git.stack({
        onto: onto!,
        branches: heads.map((theirs, n) => ({ theirs, message: `Merge ${n}`, edits: [] })),
      });
      together += commits.length;
      expect(world.user('for-each-ref')).toBe(before);
      const merged = heads.slice(0, commits.length);
      const told = commits.map((commit) => world.user('show', '--no-patch', '--format=%T %P', commit).trim());
      const below = [onto!, ...commits];
      const trees = mergedByGit(world, onto!, merged);
      expect(told).toEqual(trees.map((tree, n) => `${tree} ${below[n]} ${merged[n]}`));
    }),
    { numRuns: 25, seed: 14 },
  );
  expect(together).toBeGreaterThan(25);
});

test('edits come one after the other, and a branch that changes such a file itself ends what is put together', async () => {
  await using world = await openWorld();
  const { git, user, first } = world;
  const heads = ['a', 'b', 'c'].map((name) => world.commit(first, { [name]: `${name}\n` }));
  const own = world.commit(first, { 'readme.md': 'own\n' });
  const branch = (theirs: string, content: string) => ({
    theirs,
    message: 'Merge it\n\nDrover-Task: 1',
    edits: [{ path: 'readme.md', content }],
  });
  const commits = await git.stack({
    onto: first,
    branches: [
      branch(heads[0]!, 'one\n'),
      { ...branch(heads[1]!, ''), edits: [] },
      branch(heads[2]!, 'two\n'),
      branch(own, 'x'),
    ],
  });
  expect(await Promise.all(commits.map((commit) => git.readFile(commit, 'readme.md')))).toEqual([
    'one\n',
    'one\n',
    'two\n',
  ]);
  expect(user('ls-tree', '--name-only', commits.at(-1)!).trim().split('\n')).toEqual(['a', 'b', 'c', 'readme.md']);
  expect(
    user('show', '--no-patch', '--format=%an|%ce|%s|%(trailers:key=Drover-Task,valueonly)', commits[0]!).trim(),
  ).toBe('Ada|ada@example.org|Merge it|1');
  const after = await git.stack({
    onto: first,
    branches: [{ ...branch(own, ''), edits: [] }, branch(heads[0]!, 'lost')],
  });
  expect(after).toHaveLength(1);
});

test.each([
  ['what is contained already', (world: World) => world.first],
  ['a history of its own', (world: World) => world.user('commit-tree', 'HEAD^{tree}', '-m', 'orphan').trim()],
])('%s is left to a merge of its own', async (_what, theirs) => {
  await using world = await openWorld();
  const branches = [{ theirs: theirs(world), message: 'x', edits: [] }];
  expect(await world.git.stack({ onto: world.first, branches })).toEqual([]);
});
