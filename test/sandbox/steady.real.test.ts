import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isFolder } from '../../src/files/is-folder.ts';
import { localFiles } from '../../src/files/open.ts';
import type { SandboxSpec } from '../../src/ports/sandbox.ts';
import { boundSockets } from '../../src/process/bound-sockets.ts';
import { openProcesses } from '../../src/process/broker.ts';
import { openSandbox } from '../../src/sandbox/open.ts';
import { comeAndGo } from '../helpers/come-and-go.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { noSandbox } from '../helpers/sandbox.ts';

const listen = async (path: string): Promise<Server> => {
  const server = createServer((line) => line.end('told'));
  server.listen(path);
  await once(server, 'listening');
  return server;
};

const close = async (server: Server): Promise<void> => {
  server.close();
  await once(server, 'close');
};

/** What a program does that talks to each of these sockets: it prints what it is told, or why it is told nothing. */
const TALK = `
const say = (path) => new Promise((done) => {
  require('node:net').connect(path).on('error', ({ code }) => done(code)).on('data', (text) => done(String(text)));
});
(async () => { for (const path of process.argv.slice(1)) console.log(await say(path)); })();
`;

const ODD_NAMES = `use Socket; my @names = ('ctl.sock', 'svc/it', '@at', "$ARGV[0]/two\\nlines", "$ARGV[0]/\\xff\\x81\\x88\\\\0101", "\\xfe ");
sub open_one { socket(my $s, PF_UNIX, SOCK_STREAM, 0); return $s }
`;

/** Listens in a folder at names that begin in no folder, that have more than one line, or that are no text. */
const ODD = `${ODD_NAMES}
chdir $ARGV[0]; mkdir 'svc'; open(my $file, '>', 'svc/beside');
my @held = map { my $s = open_one(); bind($s, pack('S a*', 1, $_)) && listen($s, 9) or die "$_: $!"; $s } @names;
$| = 1; print 'here'; <STDIN>;
`;

/** Says of each of them whether it can be talked to. */
const TRIES_ODD = `${ODD_NAMES}
for (@names) { print connect(open_one(), pack('S a*', 1, m{^/} ? $_ : "$ARGV[0]/$_")) ? 'told ' : 'refused ' }
`;

/** Listens at all paths that it reads. */
const LISTEN_ALL = `
require('node:readline').createInterface({ input: process.stdin }).on('line', async (line) => {
  for (const path of JSON.parse(line)) await new Promise((done) => require('node:net').createServer().listen(path, done));
  console.log('here');
}).on('close', () => process.exit());
`;

/** A checkout with folders beside it that no sandbox hides, where others come and go. */
const openPlace = async () => {
  const folder = temporaryFolder('steady');
  const at = (path: string) => join(folder.path, path);
  for (const file of ['app/.git/config', 'app/.git/HEAD', 'app/readme', 'trees/one/.git', 'home/.rc', 'tool/bin/it']) {
    mkdirSync(dirname(at(file)), { recursive: true });
    writeFileSync(at(file), 'x');
  }
  const processes = await openProcesses();
  const env = { PATH: process.env['PATH'] ?? '' };
  const sandbox = openSandbox({
    ...{ env, run: (trial) => processes.run(trial), find: async () => null },
    ...{ realPath: localFiles.realPath, isFolder, list: localFiles.list, sockets: boundSockets },
  });
  const spec: SandboxSpec = {
    ...{ mode: 'worktree', worktree: at('trees/one'), root: at('app'), commonDir: at('app/.git'), network: 'none' },
    git: { kind: 'read-only', config: at('app/.git/config') },
    ...{
      home: { at: at('home'), folder: null },
      hidden: [],
      read: [at('tool/bin'), dirname(process.execPath)],
      write: [],
    },
  };
  const run = (wall: readonly string[], ...words: string[]) =>
    processes.run({ file: wall[0]!, args: [...wall.slice(1), ...words], env, timeoutMs: 60_000 });
  return {
    ...{ at, sandbox, spec, run },
    talk: async (wall: readonly string[], ...paths: string[]) => {
      const { stdout } = await run(wall, process.execPath, '-e', TALK, ...paths);
      return stdout.trim().split('\n');
    },
    [Symbol.asyncDispose]: async () => {
      await processes[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
};

describe.skipIf(noSandbox !== undefined)(
  `starts while others come and go (${noSandbox ?? 'there is a sandbox'})`,
  () => {
    test('[SEC-9] a socket that is gone before a program starts is not missed, and the others are closed', async () => {
      await using place = await openPlace();
      const { at, run, sandbox, spec, talk } = place;
      const [gone, left] = [await listen(at('app/gone.sock')), await listen(at('app/left.sock'))];
      for (const network of ['none', 'shared'] as const) {
        const wall = await sandbox.wall({ ...spec, network });
        expect(await talk(wall, at('app/gone.sock'), at('app/left.sock'))).toEqual(['ECONNREFUSED', 'ECONNREFUSED']);
      }
      const wall = await sandbox.wall(spec);
      await close(gone);
      expect(existsSync(at('app/gone.sock'))).toBe(false);
      expect(await run(wall, 'sh', '-c', 'cat readme ../../app/readme; exit 7')).toMatchObject({
        code: 7,
        stdout: 'x',
      });
      expect(await talk(wall, at('app/gone.sock'), at('app/left.sock'))).toEqual(['ENOENT', 'ECONNREFUSED']);
      await close(left);
    });

    test('[SEC-9] who listens in a folder for sockets alone and comes again is closed, for a program that runs too', async () => {
      await using place = await openPlace();
      const { at, sandbox, spec, talk } = place;
      mkdirSync(at('app/run'));
      writeFileSync(at('app/run/s.lock'), 'x');
      const path = at('app/run/s');
      const before = await listen(path);
      const wall = await sandbox.wall(spec);
      const again = `${TALK.replace('(async', "require('node:fs').writeSync(1, 'here\\n'); require('node:fs').readSync(0, Buffer.alloc(1)); (async")}`;
      const child = spawn(wall[0]!, [...wall.slice(1), process.execPath, '-e', again, path], { stdio: 'pipe' });
      let said = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
      await once(child.stdout, 'data');
      await close(before);
      const after = await listen(path);
      child.stdin.end('x');
      await once(child, 'close');
      expect(said).toBe('here\nENOENT\n');
      expect(await talk(wall, path)).toEqual(['ENOENT']);
      // What somebody has named is not closed with the others.
      expect(await talk(await sandbox.wall({ ...spec, read: [...spec.read, at('app/run')] }), path)).toEqual(['told']);
      expect(await talk(await sandbox.wall({ ...spec, read: [...spec.read, path] }), path)).toEqual(['told']);
      await close(after);
    });

    test('[SEC-9] sockets are closed whatever their names are, and the program that is shut in finds nothing else changed', async () => {
      await using place = await openPlace();
      const { at, run, sandbox, spec } = place;
      const child = spawn('perl', ['-e', ODD, at('app')], { stdio: ['pipe', 'pipe', 'inherit'] });
      await once(child.stdout, 'data');
      expect(await run(['perl'], '-e', TRIES_ODD, at('app'))).toMatchObject({ stdout: 'told '.repeat(6) });
      const wall = await sandbox.wall(spec);
      for (const shell of ['dash', 'bash', 'busybox']) {
        if ((await run(['sh'], '-c', `command -v ${shell}`)).code !== 0) continue;
        const words = [shell, ...(shell === 'busybox' ? ['sh'] : []), ...wall.slice(1)];
        expect(await run(words, 'perl', '-e', TRIES_ODD, at('app'))).toMatchObject({ stdout: 'refused '.repeat(6) });
        const inside = 'printf "%s|" "$@"; ls /proc/self/fd | tr "\\n" " "; cat; exit 7';
        const told = ['sh', '-c', inside, 'sh', 'a b', '', '.', 'two\nlines', '=$HOME'] as const;
        const { stdout } = await run(told);
        expect(stdout).toContain('a b||.|two\nlines|=$HOME|0 1 2 ');
        expect(await run(words, ...told)).toMatchObject({ code: 7, stdout });
      }
      child.stdin.end();
      await once(child, 'close');
    });

    test('[SEC-9] as many sockets as there may be keep no program from its start, nor is one of them open', async () => {
      await using place = await openPlace();
      const { at, run, sandbox, spec, talk } = place;
      const folders = Array.from({ length: 40 }, (_, n) => `app/${'long-'.repeat(6)}${n}`);
      for (const folder of [...folders, 'app/many']) {
        mkdirSync(at(folder));
        writeFileSync(at(`${folder}/beside`), 'x');
      }
      const paths = [
        ...folders.map((folder) => at(`${folder}/s`)),
        ...Array.from({ length: 5000 }, (_, n) => at(`app/many/${n}`)),
      ];
      const child = spawn(process.execPath, ['-e', LISTEN_ALL], { stdio: ['pipe', 'pipe', 'inherit'] });
      child.stdin.write(`${JSON.stringify(paths)}\n`);
      await once(child.stdout, 'data');
      const wall = await sandbox.wall({ ...spec, network: 'shared' });
      expect(Math.max(...wall.map((word) => Buffer.byteLength(word)))).toBeLessThan(16 * 1024);
      expect(await run(wall, 'sh', '-c', 'exit 7')).toMatchObject({ code: 7, stderr: '' });
      expect(await talk(wall, paths[0]!, paths[39]!)).toEqual(['ECONNREFUSED', 'ECONNREFUSED']);
      expect(await talk(wall, paths[40]!, paths.at(-1)!)).toEqual(['ENOENT', 'ENOENT']);
      child.stdin.end();
      await once(child, 'close');
    });

    test('[SEC-9] folders of others that are gone before a program starts keep it from nothing', async () => {
      await using place = await openPlace();
      const { at, run, sandbox, spec } = place;
      const passing = ['app/swarm', 'trees/two', 'conf/drover'].map(at);
      for (const folder of passing) mkdirSync(folder, { recursive: true });
      const wall = await sandbox.wall({ ...spec, root: at(''), hidden: passing });
      for (const folder of [...passing, at('tool')]) rmSync(folder, { recursive: true });
      expect((await run(wall, 'sh', '-c', 'exit 7')).code).toBe(7);
    });

    test('[SEC-9] while sockets, folders of others and toolchains come and go each program starts', async () => {
      await using place = await openPlace();
      const { at, run, sandbox, spec } = place;
      const paths = {
        socket: at('app/passing.sock'),
        folders: ['app/swarm', 'trees/two', 'conf/drover'].map(at),
        tools: [at('tool/bin')],
      };
      for (const folder of paths.folders) mkdirSync(folder, { recursive: true });
      await using _others = await comeAndGo(paths);
      // The look of one is what the next starts use: more has come and gone since.
      let wall = await sandbox.wall({ ...spec, root: at(''), hidden: paths.folders });
      const codes: (number | null)[] = [];
      for (let n = 0; n < 60; n += 1) {
        codes.push((await run(wall, 'sh', '-c', 'exit 7')).code);
        if (n % 3 === 0) wall = await sandbox.wall({ ...spec, root: at(''), hidden: paths.folders });
      }
      expect(codes).toEqual(codes.map(() => 7));
    });
  },
);
