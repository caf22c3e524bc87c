import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { followRefFolders } from '../../../src/daemon/watch/ref-folders.ts';
import type { NewsKinds } from '../../../src/ports/target.ts';
import { servicesWith } from '../../helpers/services.ts';

/** A common directory of these folders, whose news the test tells. */
const openScene = (...names: readonly string[]) => {
  const folders = new Set(names.map((name) => `/c/${name}`));
  const listed: string[] = [];
  const watched = new Map<string, { readonly kinds: NewsKinds; readonly tell: () => void; readonly end: () => void }>();
  const refused = new Set<string>();
  const isThere = (folder: string): boolean =>
    folder === '/c' || [...folders].some((one) => `${one}/`.startsWith(`${folder}/`));
  const files = {
    folders: async (folder: string) => {
      listed.push(folder.slice('/c/'.length));
      if (!isThere(folder)) return null;
      const inside = [...folders].filter((one) => one.startsWith(`${folder}/`));
      return [...new Set(inside.map((one) => one.slice(folder.length + 1).split('/')[0]!))];
    },
    async *watch(folder: string, _signal: AbortSignal, kinds: NewsKinds) {
      if (!isThere(folder) || refused.has(folder)) return;
      let bell = Promise.withResolvers<boolean>();
      const tell = () => bell.resolve(true);
      watched.set(folder.slice('/c/'.length), { kinds, tell, end: () => bell.resolve(false) });
      yield 'began';
      while (await bell.promise) {
        bell = Promise.withResolvers<boolean>();
        yield 'changed';
      }
      watched.delete(folder.slice('/c/'.length));
    },
  };
  let rings = 0;
  const services = servicesWith({
    paths: { commonDir: '/c' },
    home: { files },
    signal: new AbortController().signal,
    log: () => undefined,
  });
  const following = followRefFolders(services, () => {
    rings += 1;
  });
  const settle = async () => {
    for (let n = 0; n < 20; n += 1) await setImmediate();
  };
  return {
    ...{ folders, refused, isBlind: following.isBlind },
    watched: () => [...watched.keys()].toSorted(),
    rings: () => rings,
    isAsked: (folder: string, name: string) => {
      const kinds = watched.get(folder)!.kinds;
      return typeof kinds === 'object' && new RegExp(kinds.names, 'u').test(name);
    },
    /** Something happens in a folder; resolves when the watch has told it. */
    happen: async (folder: string, what: 'tell' | 'end' = 'tell') => {
      watched.get(folder)![what]();
      await settle();
    },
    /** What an update walks. */
    walked: async () => {
      listed.length = 0;
      await following.update();
      await settle();
      return [...listed];
    },
  };
};

const ALL = ['refs/heads/feature/deep', 'refs/heads/fix', 'refs/tags', 'worktrees/a-1', 'logs/refs'];

test('only names that may be refs ring, and locks never', async () => {
  const scene = openScene(...ALL);
  await scene.walked();
  const asked = (folder: string, ...names: readonly string[]) => names.filter((name) => scene.isAsked(folder, name));
  expect(asked('', 'index', 'index.lock', 'HEAD', 'HEAD.lock', 'ORIG_HEAD', 'packed-refs', 'COMMIT_EDITMSG')).toEqual([
    'HEAD',
    'packed-refs',
  ]);
  expect(asked('refs/heads/feature', 'x', 'x.lock', 'deep')).toEqual(['x', 'deep']);
  expect(asked('refs', 'stash', 'stash.lock')).toEqual(['stash']);
  expect(asked('logs/refs', 'stash', 'heads')).toEqual(['stash']);
  expect(asked('worktrees/a-1', 'HEAD', 'index', 'HEAD.lock', 'logs')).toEqual(['HEAD']);
  expect(scene.rings()).toBe(scene.watched().length);
});

test('after news only the folder is walked that they came from, and what is new below it', async () => {
  const scene = openScene(...ALL);
  await scene.walked();
  // Each watch has rung once, when it began.
  await scene.walked();
  expect(await scene.walked()).toEqual([]);
  await scene.happen('refs/heads');
  expect(await scene.walked()).toEqual(['refs/heads']);
  scene.folders.add('/c/refs/heads/new/er');
  await scene.happen('refs/heads');
  expect(await scene.walked()).toEqual(['refs/heads', 'refs/heads/new', 'refs/heads/new/er']);
  expect(scene.watched()).toContain('refs/heads/new/er');
  scene.folders.add('/c/worktrees/a-2');
  await scene.happen('worktrees');
  await scene.walked();
  expect(scene.watched()).toContain('worktrees/a-2');
});

test('what comes to be later is followed: a kind of refs, and a folder that was gone meanwhile', async () => {
  const scene = openScene(...ALL);
  await scene.walked();
  await scene.walked();
  expect(scene.watched()).not.toContain('refs/drover');
  scene.folders.add('/c/refs/drover/archive');
  await scene.happen('refs');
  await scene.walked();
  expect(scene.watched()).toEqual(expect.arrayContaining(['refs/drover', 'refs/drover/archive']));
  await scene.happen('refs/heads/fix', 'end');
  expect(scene.watched()).not.toContain('refs/heads/fix');
  await scene.happen('refs/heads');
  await scene.walked();
  expect(scene.watched()).toContain('refs/heads/fix');
});

test('what the system does not watch is noticed, and what is not there yet is no reason', async () => {
  const scene = openScene(...ALL);
  await scene.walked();
  expect(scene.isBlind()).toBe(false);
  const rings = scene.rings();
  scene.folders.add('/c/refs/heads/more');
  scene.refused.add('/c/refs/heads/more');
  await scene.happen('refs/heads');
  await scene.walked();
  expect(scene.isBlind()).toBe(true);
  expect(scene.rings()).toBeGreaterThan(rings + 1);
});
