import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isFolder } from '../../src/files/is-folder.ts';
import { localFiles } from '../../src/files/open.ts';
import { openProcesses } from '../../src/process/broker.ts';
import { openSandbox } from '../../src/sandbox/open.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { noSandbox } from '../helpers/sandbox.ts';

/** What the calls are called on this kind of processor; `x32` stands for the third kind of numbers that one of them has. */
const NUMBERS: Partial<
  Record<string, { add: number; request: number; keyctl: number; socket: number; x32: number | null }>
> = {
  x64: { add: 248, request: 249, keyctl: 250, socket: 41, x32: 0x40000000 + 250 },
  arm64: { add: 217, request: 218, keyctl: 219, socket: 198, x32: null },
};
const numbers = NUMBERS[process.arch];

/** Whether this kernel keeps keys at all. */
const hasKeys =
  numbers !== undefined &&
  spawnSync('perl', ['-e', `exit(syscall(${numbers.keyctl}, 0, -3, 0) >= 0 ? 0 : 1)`]).status === 0;

/** Keeps a key for the session, and hands the session on to whoever is named. */
const KEEPS = `
my ($type, $name, $key) = ('user', 'drover-test', 'secret');
my $id = syscall(${numbers?.add}, $type, $name, $key, 6, -3);
$id >= 0 or die "no key: $!";
exec @ARGV, $id or die;
`;

/** What whoever the session has started gets of that key, by its number and by its name. */
const READS = `
my $text = "\\0" x 20;
my ($type, $name) = ('user', 'drover-test');
my $read = syscall(${numbers?.keyctl}, 11, $ARGV[0] + 0, $text, 20);
print $read > 0 ? substr($text, 0, $read) : 'nothing';
print syscall(${numbers?.request}, $type, $name, 0, 0) >= 0 ? ' found' : ' not found';
print syscall(${numbers?.add}, $type, $name, $text, 6, -3) >= 0 ? ' kept' : ' not kept';
print syscall(${numbers?.x32 ?? numbers?.keyctl}, 0, -3, 0) >= 0 ? ' other' : '';
`;

/** What the kernel says to typing into what is no terminal: of its own it says that it is none. */
const TYPES = `my $key = 'x'; for my $call (0x5412, 0x541c, 0x5413) { print ioctl(STDIN, $call, $key) ? 'typed' : $! + 0, ' ' }`;
/** What the kernel says to sockets between machines, and to others; where a machine has none it says so before anybody asks more. */
const SOCKETS = `for my $family (40, 1, 2) { print syscall(${numbers?.socket}, $family, 1, 0) >= 0 ? 'open' : $! + 0, ' ' }`;
const EAFNOSUPPORT = 97;

/** What the kernel says to who would have it do calls that it is told of in memory. */
const RINGS = `my $how = "\\0" x 120; for my $call (425, 426, 427) { print syscall($call, $call == 425 ? 1 : -1, $how, 0, 0, 0, 0) >= 0 ? 'open' : $! + 0, ' ' }`;
const ENOSYS = 38;

/** A program of 32 bits, without a word of any library, that makes a socket of a file by each call and ends with what that gave. */
const programOf32 = (call: 'socket' | 'socketcall'): Buffer => {
  const at = 0x08048000;
  const long = (value: number): readonly number[] => [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff);
  const head = 52 + 32;
  const asked =
    call === 'socketcall'
      ? // mov eax, 102; mov ebx, SYS_SOCKET; mov ecx, what stands behind all of this
        [0xb8, ...long(102), 0xbb, ...long(1), 0xb9, ...long(at + head + 30)]
      : // mov eax, 359; mov ebx, AF_UNIX; mov ecx, SOCK_STREAM
        [0xb8, ...long(359), 0xbb, ...long(1), 0xb9, ...long(1)];
  // xor edx, edx; int 0x80; mov ebx, eax; neg ebx; mov eax, 1; int 0x80
  const code = [...asked, 0x31, 0xd2, 0xcd, 0x80, 0x89, 0xc3, 0xf7, 0xdb, 0xb8, ...long(1), 0xcd, 0x80];
  const whole = [...code, ...[1, 1, 0].flatMap(long)];
  return Buffer.from([
    ...[0x7f, 0x45, 0x4c, 0x46, 1, 1, 1, 0, ...long(0), ...long(0), 2, 0, 3, 0, ...long(1)],
    ...[...long(at + head), ...long(52), ...long(0), ...long(0), 52, 0, 32, 0, 1, 0, 0, 0, 0, 0, 0, 0],
    ...[...long(1), ...long(0), ...long(at), ...long(at)],
    ...[...long(head + whole.length), ...long(head + whole.length), ...long(5), ...long(0x1000), ...whole],
  ]);
};
/** It has the first number that is free, which is told negative. */
const MADE = 256 - 3;

const ENOTTY = 25;
const EPERM = 1;

const openWall = async () => {
  const folder = temporaryFolder('calls');
  const at = (path: string) => join(folder.path, path);
  for (const file of ['app/.git/config', 'trees/one/.git', 'home/.rc']) {
    mkdirSync(dirname(at(file)), { recursive: true });
    writeFileSync(at(file), 'x');
  }
  await using processes = await openProcesses();
  const env = { PATH: process.env['PATH'] ?? '' };
  const sandbox = openSandbox({
    ...{ env, run: (trial) => processes.run(trial), find: async () => null },
    ...{ realPath: localFiles.realPath, isFolder, list: localFiles.list, sockets: () => [] },
  });
  const place = { root: at('app'), commonDir: at('app/.git'), worktree: at('trees/one'), hidden: [] };
  const wall = await sandbox.wall({
    ...{ ...place, mode: 'worktree', network: 'shared', read: [], write: [] },
    git: { kind: 'read-only', config: at('app/.git/config') },
    home: { at: at('home'), folder: null },
  });
  const filter = await sandbox.filterWall({ ...place, config: at('app/.git/config'), home: at('home') });
  const run = (words: readonly string[]) =>
    spawnSync(words[0]!, words.slice(1), { env, encoding: 'utf8', input: 'x' }).stdout;
  return { walls: [wall, filter], run, worktree: at('trees/one'), [Symbol.dispose]: () => folder[Symbol.dispose]() };
};

describe.skipIf(noSandbox !== undefined)(
  `calls that no namespace shuts in (${noSandbox ?? 'there is a sandbox'})`,
  () => {
    test.skipIf(!hasKeys)(
      '[SEC-9] keys that the kernel keeps for the session of the person are not there',
      async () => {
        using place = await openWall();
        const keeps = ['perl', '-e', KEEPS];
        const reads = ['perl', '-e', READS];
        // The third kind of numbers is there on hardly any kernel, so that nothing is said of it outside.
        expect(place.run([...keeps, ...reads]).replace(' other', '')).toBe('secret found kept');
        for (const wall of place.walls)
          expect(place.run([...keeps, ...wall, ...reads])).toBe('nothing not found not kept');
      },
    );

    test.skipIf(numbers === undefined)(
      '[SEC-9] nobody types into a terminal, and other calls are as they were',
      async () => {
        using place = await openWall();
        const types = ['perl', '-e', TYPES];
        expect(place.run(types)).toBe(`${ENOTTY} ${ENOTTY} ${ENOTTY} `);
        for (const wall of place.walls) expect(place.run([...wall, ...types])).toBe(`${EPERM} ${EPERM} ${ENOTTY} `);
      },
    );

    test.skipIf(numbers === undefined)(
      '[SEC-9] no socket leads to the machine that this one runs in, and others are as they were',
      async () => {
        using place = await openWall();
        const sockets = ['perl', '-e', SOCKETS];
        expect([`open open open `, `${EAFNOSUPPORT} open open `]).toContain(place.run(sockets));
        for (const wall of place.walls) expect(place.run([...wall, ...sockets])).toBe(`${EPERM} open open `);
      },
    );

    test('[SEC-9] what the kernel would be asked for in memory, where no filter sees it, it is not asked for', async () => {
      using place = await openWall();
      const rings = ['perl', '-e', RINGS];
      // Where the machine forbids it itself, or has none, nothing is said of it outside.
      expect(['open', `${EPERM}`, `${ENOSYS}`]).toContain(place.run(rings).split(' ')[0]);
      for (const wall of place.walls) expect(place.run([...wall, ...rings])).toBe(`${ENOSYS} ${ENOSYS} ${ENOSYS} `);
    });

    test.skipIf(process.arch !== 'x64')(
      '[SEC-9] a program of 32 bits makes sockets by the call that is seen alone',
      async () => {
        using place = await openWall();
        const ends = (call: 'socket' | 'socketcall', wall: readonly string[]): string => {
          const file = join(place.worktree, call);
          if (!existsSync(file)) writeFileSync(file, programOf32(call), { mode: 0o755 });
          return place.run([...wall, 'perl', '-e', 'print system({ $ARGV[0] } @ARGV) >> 8', file]);
        };
        // Not every kernel runs such programs.
        if (ends('socket', []) !== `${MADE}`) return;
        expect(ends('socketcall', [])).toBe(`${MADE}`);
        for (const wall of place.walls)
          expect([ends('socket', wall), ends('socketcall', wall)]).toEqual([`${MADE}`, `${ENOSYS}`]);
      },
    );

    test('[SEC-9] a program gets its input and nothing that is open beside it', async () => {
      using place = await openWall();
      for (const wall of place.walls) {
        expect(place.run([...wall, 'cat'])).toBe('x');
        const open = place.run([
          ...wall,
          'sh',
          '-c',
          'for n in 6 7 8 9; do test -e /proc/self/fd/$n && echo $n; done; true',
        ]);
        expect(open).toBe('');
      }
    });
  },
);
