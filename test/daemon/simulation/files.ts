import { basename, dirname } from 'node:path';
import type { Files } from '../../../src/ports/target.ts';
import type { Random } from '../../state/store/simulation/random.ts';
import type { Life } from './life.ts';
import { partial } from './partial.ts';
import type { VirtualTime } from './virtual-time.ts';

type Kept = { readonly text: string; readonly changedNs: bigint; readonly isSafe: boolean };

/** The small files of a machine, beside the journal: tokens, briefs, launch scripts and messages. */
export type FileWorld = {
  readonly text: (path: string) => string | undefined;
  readonly put: (path: string, text: string, isSafe?: boolean) => void;
  readonly remove: (path: string) => void;
  readonly names: (folder: string) => readonly string[] | null;
  /** What nobody has synced may be gone. */
  readonly cutPower: (random: Random) => void;
  readonly portFor: (life: Life) => Files;
};

export const openFiles = (time: VirtualTime): FileWorld => {
  const files = new Map<string, Kept>();
  const folders = new Set<string>(['/']);
  const watching = new Map<string, Set<() => void>>();
  const changed = (path: string): void => {
    for (const wake of watching.get(dirname(path)) ?? []) wake();
  };
  const makeFolder = (path: string): void => {
    for (let at = path; !folders.has(at); at = dirname(at)) folders.add(at);
  };
  const put = (path: string, text: string, isSafe = false): void => {
    makeFolder(dirname(path));
    files.set(path, { text, changedNs: BigInt(time.now()) * 1_000_000n + BigInt(files.size), isSafe });
    changed(path);
  };
  const remove = (path: string): void => {
    files.delete(path);
    for (const one of files.keys()) if (one.startsWith(`${path}/`)) files.delete(one);
    for (const one of folders) if (one === path || one.startsWith(`${path}/`)) folders.delete(one);
  };
  const childrenOf = (folder: string, all: Iterable<string>): string[] =>
    [...all].filter((path) => dirname(path) === folder && path !== '/').map((path) => basename(path));
  const names = (folder: string): readonly string[] | null =>
    folders.has(folder) ? [...childrenOf(folder, files.keys()), ...childrenOf(folder, folders)] : null;
  const left = (folder: string, pattern: RegExp) =>
    folders.has(folder)
      ? childrenOf(folder, files.keys())
          .filter((name) => pattern.test(name))
          .map((name) => ({ name, file: files.get(`${folder}/${name}`)! }))
          .map(({ name, file: { changedNs, text } }) => ({ name, changedNs, size: text.length }))
      : null;

  const watch = async function* (life: Life, folder: string, signal: AbortSignal) {
    yield 'began' as const;
    while (!signal.aborted && !life.isOver() && folders.has(folder)) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const wakers = watching.get(folder) ?? new Set();
      watching.set(folder, wakers.add(resolve));
      signal.addEventListener('abort', () => resolve(), { once: true });
      await promise;
      wakers.delete(resolve);
      yield 'changed' as const;
    }
  };

  const portFor = (life: Life): Files => {
    const { act } = life;
    return partial<Files>('files', {
      read: (path) => act(`read ${path}`, () => (files.has(path) ? Buffer.from(files.get(path)!.text) : null)),
      readText: (path) => act(`readText ${path}`, () => files.get(path)?.text ?? null),
      readPiece: (path) => act(`readPiece ${path}`, () => null),
      write: (path, text, kind) => act(`write ${path}`, () => put(path, text, kind === 'record')),
      makeFolder: (path) => act(`makeFolder ${path}`, () => makeFolder(path)),
      remove: (path) => act(`remove ${path}`, () => remove(path)),
      list: (folder) => act(`list ${folder}`, () => names(folder)),
      entries: (folder, pattern) => act(`entries ${folder}`, () => left(folder, pattern)),
      left: (folder, pattern) => act(`left ${folder}`, () => left(folder, pattern)),
      readLeft: (path) => act(`readLeft ${path}`, () => (files.has(path) ? { text: files.get(path)!.text } : null)),
      folders: (folder) => act(`folders ${folder}`, () => (folders.has(folder) ? childrenOf(folder, folders) : null)),
      matching: async (pattern) => (files.has(pattern) ? [pattern] : []),
      realPath: async (path) => path,
      room: async () => null,
      freeFiles: async () => null,
      furnish: async () => ({ copied: 0, linked: 0, refused: [] }),
      watch: (folder, signal) => watch(life, folder, signal),
      tellPipe: async () => false,
    });
  };
  return {
    text: (path) => files.get(path)?.text,
    ...{ put, remove, names, portFor },
    cutPower: (random) => {
      watching.clear();
      for (const [path, { isSafe }] of [...files]) if (!isSafe && random.chance(0.3)) files.delete(path);
    },
  };
};
