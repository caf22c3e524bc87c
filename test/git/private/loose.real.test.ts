import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { packLoose } from '../../../src/git/private/loose.ts';
import { openWorld, write } from '../world.ts';

/** A repository of somebody who commits, with single objects alone, and an empty one that takes what is given. */
const openBoth = async (ids: 'sha1' | 'sha256' = 'sha1') => {
  const world = await openWorld({ ids });
  const { at, env, first, root, user } = world;
  const into = at('into');
  user('init', '-q', `--object-format=${ids}`, into);
  const run = (cwd: string, args: readonly string[], input: string | Buffer = ''): string =>
    execFileSync('git', args, { cwd, env, input, stdio: 'pipe' }).toString().trim();
  const own = join(root, '.git/objects');
  const idsOf = (cwd: string): readonly string[] =>
    run(cwd, ['cat-file', '--batch-all-objects', '--batch-check=%(objectname)']).split('\n').toSorted();
  return {
    ...world,
    ...{ own, run },
    git: (...args: string[]): string => user(...args).trim(),
    tree: (entries: readonly string[]): string => run(root, ['mktree', '--missing'], entries.join('\n')),
    borrowed: join(into, '.git/objects'),
    pack: (commit: string, known: string | null = first, borrowed = at('nothing')): Buffer | undefined =>
      packLoose({ own, borrowed, commits: [commit], known }),
    /** Has the other repository take a pack as git checks it; the objects that it has then. */
    take: (pack: Buffer): readonly string[] => {
      run(into, ['unpack-objects', '-q', '--strict'], pack);
      return idsOf(into);
    },
    all: () => idsOf(root),
    fileOf: (id: string): string => join(own, id.slice(0, 2), id.slice(2)),
  };
};

/** How many objects are in a pack; undefined for none. */
const countIn = (pack: Buffer | undefined): number | undefined => pack?.readUInt32BE(8);

const object = (text: string): Buffer => deflateSync(Buffer.from(text));

describe('a pack of single objects', () => {
  test.each(['sha1', 'sha256'] as const)('git takes all that commits lead to, by ids of %s', async (ids) => {
    await using one = await openBoth(ids);
    const base = one.commit(one.first, { 'a.txt': 'a', 'b/c/d.txt': 'd'.repeat(5000) });
    const tree = one.tree([`160000 commit ${base}\tm`, `040000 tree ${one.git('rev-parse', `${base}^{tree}`)}\tt`]);
    const tip = one.git('commit-tree', '-p', base, '-m', `more\n\ntree ${base}`, tree);
    expect(one.take(one.pack(tip, null)!)).toEqual(one.all());
  });

  test('what is known and what the repository has stays out, and what lies in a pack is left to git', async () => {
    await using one = await openBoth();
    const tip = one.commit(one.first, { 'b.txt': 'b' });
    const blob = one.git('rev-parse', `${tip}:b.txt`);
    mkdirSync(join(one.borrowed, blob.slice(0, 2)));
    copyFileSync(one.fileOf(blob), join(one.borrowed, blob.slice(0, 2), blob.slice(2)));
    const packs = [
      one.pack(tip, null),
      one.pack(tip),
      one.pack(tip, one.first, one.borrowed),
      one.pack(tip, null, one.own),
    ];
    expect(packs.map(countIn)).toEqual([6, 4, 3, 0]);
    one.git('branch', 'kept', tip);
    one.git('gc', '-q');
    expect(one.pack(tip)).toBeUndefined();
  });

  test('[SEC-9] what else lies in the place of an object is not read, and is not waited for', async () => {
    await using one = await openBoth();
    const tip = one.commit(one.first, { 'a.txt': 'a' });
    const blob = one.git('rev-parse', `${tip}:a.txt`);
    const place = one.fileOf(blob);
    const sound = one.at('sound');
    renameSync(place, sound);
    const odd: Record<string, () => void> = {
      'a link': () => symlinkSync(sound, place),
      'a pipe': () => execFileSync('mkfifo', [place]),
      'a folder': () => mkdirSync(place),
      'an empty file': () => writeFileSync(place, ''),
      'no object': () => writeFileSync(place, object('constructor 1\0a')),
      'no size': () => writeFileSync(place, object('blob\0a')),
      'another size': () => writeFileSync(place, object('blob 2\0a')),
      'a large file': () => writeFileSync(place, Buffer.alloc(200_000)),
      'a file of much more': () => writeFileSync(place, object(`blob 20000000\0${'a'.repeat(20_000_000)}`)),
      'what it was': () => copyFileSync(sound, place),
    };
    const found = Object.entries(odd).map(([name, put]) => {
      put();
      const count = countIn(one.pack(tip));
      rmSync(place, { recursive: true });
      return [name, count];
    });
    expect(found.filter(([, count]) => count !== undefined)).toEqual([['what it was', 4]]);
  });

  test('[SEC-9] a link in the place of a folder of objects is not followed', async () => {
    await using one = await openBoth();
    const tip = one.commit(one.first, { 'a.txt': 'a' });
    const folder = join(one.own, one.git('rev-parse', `${tip}:a.txt`).slice(0, 2));
    const elsewhere = one.at('elsewhere');
    renameSync(folder, elsewhere);
    symlinkSync(elsewhere, folder);
    expect(one.pack(tip)).toBeUndefined();
    rmSync(folder);
    renameSync(elsewhere, folder);
    expect(countIn(one.pack(tip))).toBe(4);
  });

  test('[SEC-9] more than little is left to git: bytes, objects, names', async () => {
    await using one = await openBoth();
    const treeOf = (texts: readonly string[]): string => {
      const paths = texts.map((text, n) => {
        write(one.home, `texts/${n}`, text);
        return `${one.home}/texts/${n}`;
      });
      const blobs = one
        .run(one.root, ['hash-object', '-w', '--no-filters', '--stdin-paths'], paths.join('\n'))
        .split('\n');
      return one.tree(blobs.map((id, n) => `100644 blob ${id}\t${n}`));
    };
    const count = (tree: string) => countIn(one.pack(one.git('commit-tree', '-p', one.first, '-m', 'made', tree)));
    const numbers = (many: number): readonly string[] => Array.from({ length: many }, (_, n) => `${n}`);
    const wide = (many: number) => one.tree(numbers(many).map((n) => `100644 blob ${n.padStart(40, '0')}\t${n}`));
    expect([
      count(treeOf(['a'.repeat(250_000)])),
      count(treeOf(['a'.repeat(270_000)])),
      count(treeOf([randomBytes(60_000).toString('latin1')])),
      count(treeOf([randomBytes(120_000).toString('latin1')])),
      count(treeOf(numbers(95))),
      count(treeOf(numbers(105))),
      count(wide(1900)),
      count(wide(2100)),
    ]).toEqual([3, undefined, 3, undefined, 97, undefined, 2, undefined]);
  });
});
