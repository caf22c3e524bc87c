import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openTestTarget, TARGET_KINDS } from './target-kinds.ts';

const stage = async (kind: (typeof TARGET_KINDS)[number]) => {
  const opened = await openTestTarget(kind);
  const at = (...parts: string[]) => join(opened.root, 'stage', ...parts);
  mkdirSync(at());
  return { ...opened, files: opened.target.files, at };
};

const permissions = (path: string): number => statSync(path).mode & 0o777;

describe.each(TARGET_KINDS)('files of a %s target', (kind) => {
  test('bytes are read as they are, and what is not there, no file or too long is null', async () => {
    await using it = await stage(kind);
    const bytes = Uint8Array.from({ length: 70_000 }, (_, i) => i % 256);
    writeFileSync(it.at('bytes'), bytes);
    expect(Buffer.from((await it.files.read(it.at('bytes')))!).equals(Buffer.from(bytes))).toBe(true);
    expect(await it.files.read(it.at('bytes'), 70_000)).not.toBeNull();
    expect(await it.files.read(it.at('bytes'), 69_999)).toBeNull();
    expect(await it.files.read(it.at('nowhere'))).toBeNull();
    expect(await it.files.read(it.at())).toBeNull();
    expect(await it.files.read('/dev/zero')).toBeNull();
    expect(await it.files.readText(it.at('nowhere'))).toBeNull();
  });

  test('it is told why nothing is read, and nothing where something is', async () => {
    await using it = await stage(kind);
    const most = 2 * 1024 * 1024;
    writeFileSync(it.at('text'), 'x'.repeat(most));
    symlinkSync('nowhere', it.at('dangling'));
    const told = (path: string, limit = most) => it.files.obstacle(path, limit);
    const odd = [it.at('nowhere'), it.at('text', 'below'), it.at('dangling'), it.at(), '/dev/zero'];
    expect(await Promise.all(odd.map((path) => told(path)))).toEqual([
      'there is no such file',
      'something in its path is no folder',
      'it is a link into nothing',
      'it is a folder',
      'it is a device',
    ]);
    expect([await told(it.at('text')), await told(it.at('text'), most - 1)]).toEqual([null, 'it is longer than 1 MB']);
  });

  test('room is that of the disk of a path, also where nothing is there yet', async () => {
    await using it = await stage(kind);
    const { bavail, bsize } = statfsSync(it.root);
    const near = bavail * bsize;
    for (const path of [it.root, it.at('not', 'yet')]) {
      const room = (await it.files.room(path))!;
      // Others write to the disk as well.
      expect(Math.abs(room - near)).toBeLessThan(1024 ** 3);
    }
  });

  test('the number of files that fit is that of the disk of a path, also where nothing is there yet', async () => {
    await using it = await stage(kind);
    const { files } = statfsSync(it.root);
    for (const path of [it.root, it.at('not', 'yet')]) {
      const found = await it.files.freeFiles(path);
      expect(found?.all ?? 0).toBe(files);
      expect((found?.free ?? 0) <= files).toBe(true);
    }
  });

  test('a folder is furnished from another one, modes kept, nothing overwritten and no link followed out', async () => {
    await using it = await stage(kind);
    mkdirSync(it.at('from', 'deep'), { recursive: true });
    for (const name of ['to', 'outside']) mkdirSync(it.at(name));
    writeFileSync(it.at('from', 'deep', 'run'), 'new', { mode: 0o750 });
    writeFileSync(it.at('from', 'kept'), 'new');
    writeFileSync(it.at('to', 'kept'), 'old');
    writeFileSync(it.at('outside', 'private'), 'private');
    symlinkSync('deep/run', it.at('from', 'near'));
    symlinkSync('../outside/private', it.at('from', 'far'));
    symlinkSync(it.at('outside'), it.at('from', 'away'));
    symlinkSync(it.at('outside'), it.at('to', 'odd'));
    mkdirSync(it.at('from', 'odd'));
    writeFileSync(it.at('from', 'odd', 'file'), 'new');
    const copies = ['deep/run', 'kept', 'near', 'far', 'away/private', 'odd/file', '../outside/private', 'gone'];
    const links = ['deep/', 'away/'];
    const folders = { from: it.at('from'), to: it.at('to') };
    const done = await it.files.furnish({ ...folders, copies, links: [] });
    expect([done.copied, done.refused.map(({ path, kind: why }) => [path, why])]).toEqual([
      2,
      [
        ['far', 'leads-elsewhere'],
        ['away/private', 'link-above'],
        ['odd/file', 'occupied'],
        ['../outside/private', 'no-path'],
        ['gone', 'no-file'],
      ],
    ]);
    expect([readFileSync(it.at('to', 'kept'), 'utf8'), readFileSync(it.at('to', 'near'), 'utf8')]).toEqual([
      'old',
      'new',
    ]);
    expect(permissions(it.at('to', 'deep', 'run'))).toBe(0o750);
    expect(readdirSync(it.at('outside'))).toEqual(['private']);
    rmSync(it.at('to', 'deep'), { recursive: true });
    expect(await it.files.furnish({ ...folders, copies: [], links })).toMatchObject({
      linked: 1,
      refused: [{ path: 'away' }],
    });
    expect([readdirSync(it.at('to', 'deep')), readFileSync(it.at('to', 'deep', 'run'), 'utf8')]).toEqual([
      ['run'],
      'new',
    ]);
    rmSync(it.at('to', 'deep'), { recursive: true });
    const trees = ['deep', 'kept', 'gone', 'nowhere/gone', 'away'];
    expect(await it.files.furnish({ ...folders, copies: [], trees, links: [] })).toMatchObject({
      copied: 1,
      refused: [{ path: 'away' }],
    });
    expect(permissions(it.at('to', 'deep', 'run'))).toBe(0o750);
  });

  test('a folder is furnished below another one, and not where a link in its place leads', async () => {
    await using it = await stage(kind);
    for (const name of ['from', 'to', 'outside']) mkdirSync(it.at(name));
    writeFileSync(it.at('from', 'file'), 'new');
    symlinkSync(it.at('outside'), it.at('to', 'odd'));
    const furnish = (into: string) =>
      it.files.furnish({ from: it.at('from'), to: it.at('to'), into, copies: ['file'], links: [] });
    expect(await furnish('deep/er')).toMatchObject({ copied: 1, refused: [] });
    expect(readFileSync(it.at('to', 'deep', 'er', 'file'), 'utf8')).toBe('new');
    for (const into of ['odd', 'odd/deeper', '../outside', 'deep/er/file'])
      await expect(furnish(into)).rejects.toThrow(/is no (?:folder|path)/u);
    expect(readdirSync(it.at('outside'))).toEqual([]);
  });

  test('a pipe to which nobody writes is no file, and nobody waits for it', async () => {
    await using it = await stage(kind);
    execFileSync('mkfifo', [it.at('pipe')]);
    expect(await it.files.readText(it.at('pipe'))).toBeNull();
    expect(await it.files.read(it.at('pipe'))).toBeNull();
  });

  test('text is written in one step, for its owner alone, and comes back as it was', async () => {
    await using it = await stage(kind);
    const text = 'grün 🌱 "$" \\ \u0000 \u2028\r\n';
    await it.files.write(it.at('text'), text);
    expect(await it.files.readText(it.at('text'))).toBe(text);
    expect(permissions(it.at('text'))).toBe(0o600);
    await it.files.write(it.at('text'), '');
    expect(await it.files.readText(it.at('text'))).toBe('');
    await it.files.write(it.at('program'), '#!/bin/sh\necho ran\n', 'program');
    expect(execFileSync(it.at('program'), { encoding: 'utf8' })).toBe('ran\n');
    expect(readdirSync(it.at()).toSorted()).toEqual(['program', 'text']);
  });

  test('a write that cannot be made rejects with its reason and leaves nothing behind', async () => {
    await using it = await stage(kind);
    await expect(it.files.write(it.at('no', 'folder'), 'x')).rejects.toMatchObject({ code: 'ENOENT' });
    mkdirSync(it.at('folder', 'full'), { recursive: true });
    await expect(it.files.write(it.at('folder'), 'x')).rejects.toMatchObject({ code: 'EISDIR' });
    expect(readdirSync(it.at())).toEqual(['folder']);
  });

  test('a file is followed by offset: its end, its growth, and that another one is in its place', async () => {
    await using it = await stage(kind);
    const path = it.at('grows');
    expect(await it.files.readPiece(path, 0, 10)).toBeNull();
    expect(await it.files.readPiece(it.at(), 0, 10)).toBeNull();
    expect(await it.files.readPiece('/dev/zero', 0, 10)).toBeNull();
    writeFileSync(path, 'one two');
    const first = await it.files.readPiece(path, 4, 2);
    expect([first!.size, Buffer.from(first!.bytes).toString()]).toEqual([7, 'tw']);
    appendFileSync(path, '!');
    expect(await it.files.readPiece(path, 7, 10)).toMatchObject({ id: first!.id, size: 8 });
    expect((await it.files.readPiece(path, 8, 10))!.bytes).toHaveLength(0);
    expect((await it.files.readPiece(path, 99, 10))!.bytes).toHaveLength(0);
    writeFileSync(it.at('other'), 'x');
    renameSync(it.at('other'), path);
    expect((await it.files.readPiece(path, 0, 10))!.id).not.toBe(first!.id);
  });

  test('folders are made with those above, files are removed, and both may be done already', async () => {
    await using it = await stage(kind);
    await it.files.makeFolder(it.at('a', 'b'));
    await it.files.makeFolder(it.at('a', 'b'));
    await it.files.makeFolder(it.at('a', 'b'), 'last');
    await it.files.makeFolder(it.at('a', 'c'), 'last');
    expect(permissions(it.at('a', 'c'))).toBe(0o700);
    await expect(it.files.makeFolder(it.at('gone', 'c'), 'last')).rejects.toThrow(/ENOENT|no such/iu);
    expect(existsSync(it.at('gone'))).toBe(false);
    expect(permissions(it.at('a', 'b'))).toBe(0o700);
    writeFileSync(it.at('a', 'file'), '');
    await it.files.remove(it.at('a', 'file'));
    await it.files.remove(it.at('a', 'file'));
    expect(existsSync(it.at('a', 'file'))).toBe(false);
  });

  test('a folder is listed by names, and with the times of the files that are asked for', async () => {
    await using it = await stage(kind);
    expect(await it.files.list(it.at('nowhere'))).toBeNull();
    expect(await it.files.entries(it.at('nowhere'), /x/u)).toBeNull();
    expect(await it.files.list(it.at())).toEqual([]);
    for (const [name, seconds] of Object.entries({ 'b.json': 20, 'a.json': 10.5, 'c.tmp': 1 })) {
      writeFileSync(it.at(name), '');
      utimesSync(it.at(name), seconds, seconds);
    }
    expect((await it.files.list(it.at()))!.toSorted()).toEqual(['a.json', 'b.json', 'c.tmp']);
    const entries = await it.files.entries(it.at(), /\.JSON$/iu);
    expect(entries!.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
      { name: 'a.json', changedNs: 10_500_000_000n },
      { name: 'b.json', changedNs: 20_000_000_000n },
    ]);
  });

  test('[SEC-11] what others leave is listed by itself, and read only where it is a plain file', async () => {
    await using it = await stage(kind);
    expect(await it.files.left(it.at('nowhere'), /x/u, 10)).toBeNull();
    expect(await it.files.folders(it.at('nowhere'))).toBeNull();
    writeFileSync(it.at('a.json'), 'text');
    utimesSync(it.at('a.json'), 20, 20);
    symlinkSync(it.at('a.json'), it.at('link.json'));
    symlinkSync(it.at('nowhere'), it.at('dangling.json'));
    execFileSync('mkfifo', [it.at('pipe.json')]);
    mkdirSync(it.at('folder.json'));
    symlinkSync(it.at('folder.json'), it.at('folder-link'));
    const left = await it.files.left(it.at(), /\.json$/u, 10);
    expect(left!.map(({ name }) => name).toSorted()).toEqual(
      ['a', 'dangling', 'folder', 'link', 'pipe'].map((name) => `${name}.json`),
    );
    expect(left).toContainEqual({ name: 'a.json', changedNs: 20_000_000_000n, size: 4 });
    expect(await it.files.left(it.at(), /\.json$/u, 2)).toHaveLength(2);
    expect(await it.files.folders(it.at())).toEqual(['folder.json']);
    const read = (name: string, limit = 10) => it.files.readLeft(it.at(name), limit);
    expect(await Promise.all(['a.json', 'link.json', 'dangling.json'].map((name) => read(name)))).toEqual([
      { text: 'text' },
      { refused: 'it is a symbolic link' },
      { refused: 'it is a symbolic link' },
    ]);
    expect(await Promise.all(['pipe.json', 'folder.json', 'nowhere', 'a.json/b'].map((name) => read(name)))).toEqual([
      { refused: 'it is no plain file' },
      { refused: 'it is no plain file' },
      null,
      null,
    ]);
    expect([await read('a.json', 4), await read('a.json', 3)]).toEqual([
      { text: 'text' },
      { refused: 'it is too long' },
    ]);
  });

  test('stars stand for the names that are there, and for nothing beyond a name', async () => {
    await using it = await stage(kind);
    for (const name of ['b/x/s-1.jsonl', 'a/x/s-2.jsonl', 'a/x/t.jsonl', 'a/y/s-3.jsonl', 'a/x/s-1.jsonl.bak']) {
      mkdirSync(it.at(name, '..'), { recursive: true });
      writeFileSync(it.at(name), '');
    }
    const found = await it.files.matching(it.at('*/x/s-*.jsonl'));
    expect(found).toEqual([it.at('a/x/s-2.jsonl'), it.at('b/x/s-1.jsonl')]);
    expect(await it.files.matching('/no/such/place.jsonl')).toEqual(['/no/such/place.jsonl']);
    expect(await it.files.matching('a/*.jsonl')).toEqual([]);
  });

  test('a path leads where its links lead, as far as it exists', async () => {
    await using it = await stage(kind);
    mkdirSync(it.at('real'));
    symlinkSync(it.at('real'), it.at('link'));
    expect(await it.files.realPath(it.at('link'))).toBe(it.at('real'));
    expect(await it.files.realPath(it.at('link', 'not', 'yet'))).toBe(it.at('real', 'not', 'yet'));
    symlinkSync('real/later', it.at('ahead'));
    symlinkSync('link/../other', it.at('behind'));
    symlinkSync('round', it.at('round'));
    expect(await it.files.realPath(it.at('ahead'))).toBe(it.at('real', 'later'));
    expect(await it.files.realPath(it.at('ahead', 'x'))).toBe(it.at('real', 'later', 'x'));
    expect(await it.files.realPath(it.at('behind'))).toBe(it.at('other'));
    expect(await it.files.realPath(it.at('round'))).toBe(it.at('round'));
  });

  test('a watch tells that it began and then of changes, until it is ended', async () => {
    await using it = await stage(kind);
    const stop = new AbortController();
    const news = it.files.watch(it.at(), stop.signal)[Symbol.asyncIterator]();
    expect((await news.next()).value).toBe('began');
    writeFileSync(it.at('new'), '');
    expect((await news.next()).value).toBe('changed');
    const rest = (async () => {
      let last = await news.next();
      while (!last.done) last = await news.next();
    })();
    stop.abort();
    await rest;
  });

  test('a watch for arrivals is silent about what goes, and tells of what comes', async () => {
    await using it = await stage(kind);
    mkdirSync(it.at('box'));
    writeFileSync(it.at('box', 'old'), '');
    const ends = new AbortController();
    const [arrivals, all] = (['arrivals', 'all'] as const).map((kinds) =>
      it.files.watch(it.at('box'), ends.signal, kinds)[Symbol.asyncIterator](),
    );
    for (const news of [arrivals, all]) await news!.next();
    let heard = false;
    const arrival = arrivals!.next().then(() => {
      heard = true;
    });
    rmSync(it.at('box', 'old'));
    // Both hear of it by the same report of the system, one after the other.
    await all!.next();
    expect(heard).toBe(false);
    writeFileSync(it.at('box', 'new'), '');
    await arrival;
    ends.abort();
  });

  test('a watch for names is silent about others, and ends with its folder', async () => {
    await using it = await stage(kind);
    mkdirSync(it.at('box'));
    const ends = new AbortController();
    const [named, all] = ([{ names: '^HEAD$' }, 'all'] as const).map((kinds) =>
      it.files.watch(it.at('box'), ends.signal, kinds)[Symbol.asyncIterator](),
    );
    for (const news of [named, all]) await news!.next();
    let heard = false;
    const first = named!.next().then(() => {
      heard = true;
    });
    writeFileSync(it.at('box', 'index.lock'), '');
    await all!.next();
    expect(heard).toBe(false);
    writeFileSync(it.at('box', 'HEAD'), '');
    await first;
    // Another folder in its place is watched as well.
    rmSync(it.at('box'), { recursive: true });
    mkdirSync(it.at('box'));
    expect((await named!.next()).value).toBe('changed');
    writeFileSync(it.at('box', 'HEAD'), '');
    expect((await named!.next()).value).toBe('changed');
    rmSync(it.at('box'), { recursive: true });
    for (let news = await named!.next(); !news.done; ) news = await named!.next();
    ends.abort();
  });

  test('a folder that cannot be watched has no news, and neither has a watch that was ended before', async () => {
    await using it = await stage(kind);
    const seen: string[] = [];
    const { signal } = new AbortController();
    for await (const news of it.files.watch(it.at('nowhere'), signal)) seen.push(news);
    for await (const news of it.files.watch(it.at(), AbortSignal.abort())) seen.push(news);
    expect(seen).toEqual([]);
    // Whoever loses interest just leaves.
    for await (const news of it.files.watch(it.at(), signal)) {
      seen.push(news);
      break;
    }
    expect(seen).toEqual(['began']);
  });

  test('a line reaches who reads a pipe, also one that begins to read later; without one it is said', async () => {
    await using it = await stage(kind);
    const pipe = it.at('pipe');
    execFileSync('mkfifo', [pipe]);
    expect(await it.files.tellPipe(pipe, 'nobody', 0)).toBe(false);
    expect(await it.files.tellPipe(it.at('nowhere'), 'nobody', 1000)).toBe(false);
    const told = it.files.tellPipe(pipe, 'hello', 60_000);
    const reader = spawn('sh', ['-c', 'read line <"$1"; echo "$line" >"$2"', 'sh', pipe, it.at('heard')]);
    const read = once(reader, 'close');
    expect(await told).toBe(true);
    await read;
    expect(readFileSync(it.at('heard'), 'utf8')).toBe('hello\n');
    rmSync(pipe);
  });

  test('[SEC-11] a line is written into nothing that has taken the place of a pipe', async () => {
    await using it = await stage(kind);
    writeFileSync(it.at('precious'), 'mine\n');
    symlinkSync(it.at('precious'), it.at('link'));
    execFileSync('mkfifo', [it.at('pipe')]);
    symlinkSync(it.at('pipe'), it.at('pipe-link'));
    for (const name of ['precious', 'link', 'pipe-link'])
      expect(await it.files.tellPipe(it.at(name), 'overwritten', 100)).toBe(false);
    expect(readFileSync(it.at('precious'), 'utf8')).toBe('mine\n');
  });
});
