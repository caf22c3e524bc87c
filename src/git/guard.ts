import { createHash, randomUUID } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { makeMutex } from '../lib/mutex.ts';
import type { Git } from '../ports/index.ts';
import { needInside } from './inside.ts';
import { fieldsOf } from './parse.ts';
import { placeOf } from './places.ts';
import type { RunGit } from './run.ts';
import type { GitContext } from './worktrees.ts';

/** Hooks of ours that judge, and hand on to the repository's own of their name. */
const JUDGES = ['reference-transaction', 'pre-push'] as const;

/** What stands for any other hook of the repository. */
const HAND_ON = 'hand-on';

/**
 * Hooks that git looks for on the side of whoever works. All of them stand there when the repository's lie in each worktree,
 * where they may come to be later; else only those that are there, because each costs a shell.
 */
const CLIENT_HOOKS: readonly string[] = [
  ...['applypatch-msg', 'pre-applypatch', 'post-applypatch', 'pre-commit', 'pre-merge-commit', 'prepare-commit-msg'],
  ...['commit-msg', 'post-commit', 'pre-rebase', 'post-checkout', 'post-merge', 'post-rewrite', 'pre-auto-gc'],
];

export type Setting = { readonly key: string; readonly value: string };

/** What the configuration sets, that of this call left out, by one call of git: what it reads, and when, it alone knows. */
export const settingsOf = async (run: RunGit): Promise<readonly Setting[]> => {
  const fields = fieldsOf((await run(['config', '--list', '--show-scope', '-z'])).stdout);
  return fields.flatMap((field, n): Setting[] => {
    if (n % 2 === 0 || fields[n - 1] === 'command') return [];
    const cut = field.indexOf('\n');
    return cut < 0 ? [] : [{ key: field.slice(0, cut), value: field.slice(cut + 1) }];
  });
};

/** A path at whose beginning git finds more than stands there: `~`, `%(prefix)` or `:(optional)`. */
const STANDS_FOR_MORE = /^[~%:]/u;

/** The folder where the repository has its own hooks, which may be one for each worktree by a relative path. */
const ownHooks = async (run: RunGit, commonDir: string, settings: readonly Setting[]): Promise<string> => {
  const set = settings.findLast(({ key }) => key === 'core.hookspath')?.value;
  if (set === undefined || set.includes('\n')) return join(commonDir, 'hooks');
  if (!STANDS_FOR_MORE.test(set)) return set;
  const asked = ['config', '--type=path', '--show-scope', '-z', '--get-all', 'core.hooksPath'];
  const fields = (await run(asked, { accept: [0, 1] })).stdout.split('\0');
  return fields.filter((_, n) => n % 2 === 1 && fields[n - 1] !== 'command').at(-1) ?? join(commonDir, 'hooks');
};

const hooksIn = async (folder: string): Promise<readonly string[]> => {
  if (!isAbsolute(folder)) return CLIENT_HOOKS;
  const names = (await readdir(folder).catch(() => [])).filter((name) => /^[a-z0-9-]+$/u.test(name));
  const found = await Promise.all(
    names.map(async (name) => {
      const info = await stat(join(folder, name)).catch(() => undefined);
      return info?.isFile() && (info.mode & 0o111) !== 0;
    }),
  );
  return names.filter((name, n) => found[n] && !JUDGES.some((one) => one === name)).toSorted();
};

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

export const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/** git itself reads this, by the environment of a worktree's programs alone. */
const configText = (hooks: string, remotes: readonly string[]): string =>
  [
    `[core]\n\thooksPath = ${quoted(hooks)}`,
    // Nothing is thrown away that others have not put on a branch yet, and nothing is put into the stash, which all share.
    '[gc]\n\tauto = 0\n\tpruneExpire = never\n\treflogExpire = never\n\treflogExpireUnreachable = never\n\tworktreePruneExpire = never',
    '[rebase]\n\tautoStash = false\n[merge]\n\tautoStash = false',
    // A fetch would have all its tags refused, and with them the rest.
    ...remotes.map((name) => `[remote ${quoted(name)}]\n\ttagOpt = --no-tags`),
    '',
  ].join('\n');

const remotesIn = (settings: readonly Setting[]): readonly string[] => {
  const names = settings.flatMap(({ key }) => /^remote\.(?<name>.+)\.url$/u.exec(key)?.groups?.['name'] ?? []);
  return [...new Set(names)];
};

/** In a pattern of git's a path stands for itself alone. */
const asPattern = (path: string): string => path.replaceAll(/[\\*?[\]]/gu, String.raw`\$&`);

type Hooks = { readonly folder: string; readonly shipped: string; readonly own: string };

/** Makes the folder of hooks, once for each content: programs that run go on with theirs. Resolves with its path. */
const writeHooks = async ({ folder, shipped, own }: Hooks): Promise<string> => {
  const read = (name: string) => readFile(join(shipped, name), 'utf8');
  const [handOn, ...judges] = await Promise.all([HAND_ON, ...JUDGES].map(read));
  const passed = await hooksIn(own);
  const chained = !isAbsolute(own) || (await isThere(join(own, 'reference-transaction')));
  const files = new Map<string, string>([
    ['own-hooks', `${own}\n`],
    ...(chained ? ([['own-transaction', '']] as const) : []),
    ...JUDGES.map((name, n) => [name, judges[n]!] as const),
    ...passed.map((name) => [name, handOn!] as const),
  ]);
  const digest = createHash('sha256')
    .update(JSON.stringify([...files]))
    .digest('hex')
    .slice(0, 16);
  const place = join(folder, `hooks-${digest}`);
  if (await isThere(place)) return place;
  const draft = join(folder, `draft-${randomUUID()}`);
  await mkdir(draft, { recursive: true, mode: 0o700 });
  for (const [name, text] of files) {
    await writeFile(join(draft, name), text, { mode: 0o600 });
    if (!name.startsWith('own-')) await chmod(join(draft, name), 0o500);
  }
  await rename(draft, place);
  return place;
};

const writeWhole = async (path: string, text: string): Promise<void> => {
  if ((await readFile(path, 'utf8').catch(() => null)) === text) return;
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, text, { mode: 0o600 });
  await rename(draft, path).catch(async (error: unknown) => {
    await rm(draft, { force: true });
    throw error;
  });
};

/** What keeps git in a worktree off the refs of others; see docs/refs.md. */
export const openGuard = (context: GitContext): Git['guard'] => {
  const { commonDir, run } = context;
  const alone = makeMutex();
  return async (worktree, { folder, shipped }) => {
    const { env } = await needInside(context, await placeOf(worktree));
    const config = join(folder, 'config');
    await alone(async () => {
      const settings = await settingsOf(run);
      const own = await ownHooks(run, commonDir, settings);
      const hooks = await writeHooks({ folder, shipped, own });
      await writeWhole(config, configText(hooks, remotesIn(settings)));
    });
    // A submodule lies deeper, and is a repository of its own.
    const places = [asPattern(commonDir), `${asPattern(commonDir)}/worktrees/*`];
    return {
      gitDir: env.GIT_DIR,
      config: places.map((place) => [`includeIf.gitdir:${place}.path`, config] as const),
    };
  };
};
