import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Setting } from './guard.ts';
import { fieldsOf } from './parse.ts';
import type { RunGit } from './run.ts';

/** A program by which git reads or writes files, as the person has set it. */
export type Filter = { readonly key: string; readonly command: string };

/** What a person has set for git. */
export type Found = {
  readonly settings: readonly Setting[];
  readonly filters: readonly Filter[];
  /** The keys of the programs that merge files. */
  readonly drivers: readonly string[];
};

type Place = {
  readonly root: string;
  readonly commonDir: string;
  readonly home: string;
  readonly configHome: string;
  readonly run: RunGit;
};

const FILTER = /^filter\.[\s\S]*\.(?:clean|smudge|process)$/u;
const DRIVER = /^merge\.[\s\S]*\.driver$/u;
const INCLUDE = /^include(?:if\.(?<when>[\s\S]*))?\.path$/u;

/**
 * Programs that run nothing of what lies where they run, in the words by which they set themselves up. Others may: a shell or an
 * interpreter that is given a path, or the name of a module, looks for that in the worktree first.
 */
const KNOWN = [
  /^git[- ]lfs (?:(?:clean|smudge)(?: --skip)? -- %f|filter-process(?: --skip)?)$/u,
  /^"?(?:\/(?:usr|opt|nix|snap)\/(?:[\w.+@-]+\/)*)?git-crypt"? (?:clean|smudge)(?: --key-name=[\w.-]+)?$/u,
];

/** Whether a filter may run whatever lies in the folder where git runs it. */
export const mayRunWhatLiesThere = ({ command }: Filter): boolean => !KNOWN.some((words) => words.test(command));

/** By what attributes choose a filter. */
export const nameOf = ({ key }: Filter): string => key.slice(key.indexOf('.') + 1, key.lastIndexOf('.'));

type Entry = Setting & { readonly origin: string };

/** Reads `git config --list --show-scope --show-origin -z`; what stands on the command line is left out. */
const entriesIn = (text: string): readonly Entry[] => {
  const fields = fieldsOf(text);
  return fields.flatMap((scope, n): Entry[] => {
    const [origin = '', pair = ''] = fields.slice(n + 1, n + 3);
    const cut = pair.indexOf('\n');
    if (n % 3 !== 0 || scope === 'command' || cut < 0) return [];
    return [{ origin, key: pair.slice(0, cut), value: pair.slice(cut + 1) }];
  });
};

/** The file that an entry names as a further one; null where that cannot be told for longer than now. */
const includedBy = ({ key, value, origin }: Entry, { home, root }: Place): string | null | undefined => {
  const { when } = INCLUDE.exec(key)?.groups ?? {};
  if (!INCLUDE.test(key)) return undefined;
  if (when?.startsWith('onbranch:') || /^(?:~[^/]|%\(|:\()/u.test(value)) return null;
  if (value.startsWith('~/')) return resolve(home, value.slice(2));
  return resolve(root, dirname(origin.replace(/^file:/u, '')), value);
};

/** The files that said it; null where it may change without any of them. */
const filesOf = (entries: readonly Entry[], place: Place): readonly string[] | null => {
  const included = entries.map((one) => includedBy(one, place));
  if (included.includes(null)) return null;
  const origins = entries.flatMap(({ origin }) =>
    origin.startsWith('file:') ? [resolve(place.root, origin.slice(5))] : [],
  );
  return [...origins, ...included.flatMap((path) => path ?? [])];
};

const foundIn = (entries: readonly Entry[]): Found => {
  const last = new Map(entries.map(({ key, value }) => [key, value]));
  return {
    settings: entries.map(({ key, value }) => ({ key, value })),
    filters: [...last].flatMap(([key, command]) => (FILTER.test(key) && command !== '' ? [{ key, command }] : [])),
    drivers: [...last.keys()].filter((key) => DRIVER.test(key)),
  };
};

const signOf = async (path: string): Promise<string> => {
  const info = await stat(path, { bigint: true }).catch(() => undefined);
  return info ? [info.dev, info.ino, info.size, info.mtimeNs, info.ctimeNs].join(' ') : '';
};

/**
 * What the person has set, for git in the repository or in one of its worktrees. It is asked before each look at files, so it is
 * remembered for as long as the files that say it are as they were.
 */
export const openFilters = (place: Place): ((admin?: string) => Promise<Found>) => {
  const { commonDir, configHome, home, run } = place;
  const usual = ['/etc/gitconfig', `${configHome}/git/config`, `${home}/.gitconfig`, `${commonDir}/config`];
  /** All files in which anything was ever set: a change is seen in those that were looked at before git was asked. */
  const files = new Set(usual);
  const known = new Map<string, { readonly signs: string; readonly found: Found }>();

  const signsFor = async (admin: string): Promise<string> =>
    (await Promise.all([...files, `${admin}/config.worktree`].map(signOf))).join('\n');

  const ask = async (admin: string): Promise<Found> => {
    const args = ['config', '--list', '--show-scope', '--show-origin', '-z'];
    for (let left = 3; ; left -= 1) {
      const signs = await signsFor(admin);
      const entries = entriesIn((await run(args, { env: { GIT_DIR: admin, GIT_COMMON_DIR: commonDir } })).stdout);
      const [found, said] = [foundIn(entries), filesOf(entries, place)];
      const news = (said ?? []).filter((path) => !files.has(path) && path !== `${admin}/config.worktree`);
      for (const path of news) files.add(path);
      if (said === null || left === 0) return found;
      if (news.length > 0) continue;
      known.set(admin, { signs, found });
      return found;
    }
  };

  return async (admin = commonDir) => {
    const before = known.get(admin);
    return before?.signs === (await signsFor(admin)) ? before.found : ask(admin);
  };
};
