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
