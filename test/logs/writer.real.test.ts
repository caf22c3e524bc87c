import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { temporaryFolder } from '../helpers/folder.ts';

const WRITER = join(import.meta.dirname, '../../assets/log-writer.sh');
const EVENT = join(import.meta.dirname, '../../assets/tmux-event.sh');
const MAX = 65_536;

const has = (program: string) => spawnSync(program, ['-c', 'exit 0']).status === 0;
const shells = [['sh'], ['dash'], ['bash'], ['busybox', 'sh']].filter(([program]) =>
  program === 'busybox' ? spawnSync(program, ['true']).status === 0 : has(program!),
);

/** A writer on this folder, with what it takes to feed it and to see its end. */
const startWriter = (shell: readonly string[], dir: string, options: { first?: number; keep?: number } = {}) => {
  const [program, ...before] = shell;
  const args = [...before, WRITER, dir, String(options.first ?? 1), String(MAX), String(options.keep ?? 3)];
  const child = spawn(program!, args, { stdio: ['pipe', 'ignore', 'pipe'] });
  child.stdin.on('error', () => undefined);
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const write = (data: Uint8Array | string) =>
    new Promise<void>((resolve, reject) => child.stdin.write(data, (error) => (error ? reject(error) : resolve())));
  return { pid: child.pid, write, ended, close: () => child.stdin.end() };
};

const MARK = '\u0018\r\n[drover: some of what was printed here is missing, because it could not be written]\r\n';

/** The program that copies what arrives: below the script, or below a shell of it. */
const copierOf = (script: number | undefined): number | undefined => {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((row) => /^ *(\d+) +(\d+) (.*)$/u.exec(row) ?? [])
    .map(([, pid, parent, args = '']) => ({ pid: Number(pid), parent: Number(parent), args }));
  const own = new Set([script]);
  for (const { pid, parent } of rows) if (own.has(parent)) own.add(pid);
  return rows.find(({ pid, args }) => own.has(pid) && args.startsWith('dd '))?.pid;
};

const kept = (dir: string) =>
  readdirSync(dir)
    .filter((name) => name.endsWith('.log'))
    .sort();
const content = (dir: string) => Buffer.concat(kept(dir).map((name) => readFileSync(join(dir, name))));
const pattern = (bytes: number) => {
  const data = Buffer.alloc(bytes);
  for (let i = 0; i + 4 <= bytes; i += 4) data.writeUInt32LE(i, i);
  return data;
};

describe.each(shells.map((shell) => [shell.join(' '), shell] as const))('the log writer in %s', (_, shell) => {
  test('keeps the newest segments, each below twice the limit and private, and ends with its input', async () => {
    using folder = temporaryFolder('writer');
    const dir = join(folder.path, "it's a log");
    const writer = startWriter(shell, dir, { first: 8 });
    const data = pattern(1_000_000);
    await writer.write(data);
    writer.close();
    expect(await writer.ended).toBe(0);
    const names = kept(dir);
    expect(names).toHaveLength(3);
    expect(names.every((name) => /^0000\d\d\.log$/u.test(name))).toBe(true);
    for (const name of names) {
      const { size, mode } = statSync(join(dir, name));
      expect([size < 2 * MAX, mode & 0o777]).toEqual([true, 0o600]);
    }
    const bytes = content(dir);
    expect(bytes.equals(data.subarray(data.length - bytes.length))).toBe(true);
  });

  test('writes through at once and leaves numbers alone that others have', async () => {
    using folder = temporaryFolder('writer');
    writeFileSync(join(folder.path, '000002.seed.part'), '');
    writeFileSync(join(folder.path, '000003.log'), 'another run');
    const writer = startWriter(shell, folder.path);
    await writer.write('a word');
    const first = join(folder.path, '000001.log');
    await vi.waitUntil(() => existsSync(first) && readFileSync(first, 'utf8') === 'a word');
    await writer.write(pattern(20 * MAX));
    writer.close();
    await writer.ended;
    expect(kept(folder.path)).toEqual(expect.arrayContaining(['000003.log']));
    expect(kept(folder.path)).toHaveLength(4);
    expect(kept(folder.path)).not.toContain('000002.log');
    expect(readFileSync(join(folder.path, '000003.log'), 'utf8')).toBe('another run');
    expect(existsSync(first)).toBe(false);
  });

  test('[MON-3] keeps what stands in its pipe before the photograph for which it was replaced', async () => {
    using folder = temporaryFolder('writer');
    const writer = startWriter(shell, folder.path);
    await writer.write('old');
    const first = join(folder.path, '000001.log');
    await vi.waitUntil(() => existsSync(first) && statSync(first).size > 0);
    writeFileSync(join(folder.path, '000002.seed'), '{}');
    writeFileSync(join(folder.path, '000002.log'), 'new');
    await writer.write(pattern(2 * MAX));
    writer.close();
    expect(await writer.ended).toBe(0);
    expect(kept(folder.path)).toEqual(['000001.log', '000002.log']);
    expect(content(folder.path).equals(Buffer.concat([Buffer.from('old'), pattern(2 * MAX), Buffer.from('new')]))).toBe(
      true,
    );
  });

  test('[MON-3] begins no segment while a photograph is being made, and one when it was given up', async () => {
    using folder = temporaryFolder('writer');
    const part = join(folder.path, '000002.seed.part');
    writeFileSync(part, '');
    const writer = startWriter(shell, folder.path, { keep: 9 });
    const first = join(folder.path, '000001.log');
    await writer.write(pattern(2 * MAX));
    await vi.waitUntil(() => existsSync(first) && statSync(first).size === 2 * MAX);
    expect(kept(folder.path)).toEqual(['000001.log']);
    rmSync(part);
    await writer.write(pattern(2 * MAX));
    writer.close();
    expect(await writer.ended).toBe(0);
    expect(kept(folder.path).slice(0, 2)).toEqual(['000001.log', '000002.log']);
  });

  test.runIf(existsSync('/dev/full'))(
    'goes on taking its input while the disk is full and writes again later',
    async () => {
      using folder = temporaryFolder('writer');
      const segment = join(folder.path, '000001.log');
      symlinkSync('/dev/full', segment);
      const writer = startWriter(shell, folder.path);
      await writer.write(pattern(4_000_000));
      rmSync(segment);
      for (let i = 0; !existsSync(segment) && i < 200; i += 1) await writer.write(pattern(65_536));
      await writer.write('space again');
      writer.close();
      expect(await writer.ended).toBe(0);
      expect(content(folder.path).length).toBeGreaterThan(0);
      expect(content(folder.path).toString('latin1').split(MARK)).toHaveLength(2);
    },
  );

  test('loses no more than what a program had read that was killed, and says in the log that something is missing', async () => {
    using folder = temporaryFolder('writer');
    const segment = join(folder.path, '000001.log');
    const has = (text: string) => existsSync(segment) && readFileSync(segment, 'utf8').includes(text);
    const writer = startWriter(shell, folder.path);
    await writer.write('before');
    await vi.waitUntil(() => has('before'));
    process.kill(copierOf(writer.pid)!, 'SIGKILL');
    await vi.waitUntil(() => has(MARK));
    await writer.write('after');
    await vi.waitUntil(() => has('after'));
    writer.close();
    expect(await writer.ended).toBe(0);
    expect(readFileSync(segment, 'utf8')).toBe(`before${MARK}after`);
  });

  test('goes on taking its input while its folder cannot be made', async () => {
    using folder = temporaryFolder('writer');
    const dir = join(folder.path, 'log');
    writeFileSync(dir, 'a file is in the way');
    const writer = startWriter(shell, dir);
    await writer.write(pattern(3_000_000));
    writer.close();
    expect(await writer.ended).toBe(0);
  });

  test('what happens to a session is left in the spool in one piece, and nothing else ever is', () => {
    using folder = temporaryFolder('spool');
    const run = (...args: string[]) =>
      execFileSync(shell[0]!, [...shell.slice(1), EVENT, ...args], { encoding: 'utf8', stdio: 'pipe' });
    expect(run(folder.path, '/a b/repo/kiro-1', 'pane-died')).toBe('');
    run(folder.path, '/repo/"},', 'pane-died');
    run(folder.path, '/repo/kiro-1', 'x";');
    run(join(folder.path, 'missing'), '/repo/kiro-1', 'pane-died');
    const names = readdirSync(folder.path);
    expect(names).toEqual([expect.stringMatching(/^kiro-1-\d+-0\.json$/u)]);
    expect(JSON.parse(readFileSync(join(folder.path, names[0]!), 'utf8'))).toEqual({
      ...{ instance: 'kiro-1', source: 'tmux', token: null },
      body: { event: 'pane-died' },
    });
  });
});

test('a full spool takes no more', () => {
  using folder = temporaryFolder('spool');
  mkdirSync(join(folder.path, 's'));
  execFileSync('sh', ['-c', 'seq 201 | xargs touch'], { cwd: join(folder.path, 's') });
  execFileSync('sh', [EVENT, join(folder.path, 's'), '/r/k-1', 'pane-died']);
  expect(readdirSync(join(folder.path, 's'))).toHaveLength(201);
});
