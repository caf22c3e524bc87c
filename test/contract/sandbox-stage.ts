import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import type { Sandbox, SandboxSpec } from '../../src/ports/sandbox.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const OWN = ['HEAD', 'config', 'hooks/pre-commit', 'objects/info/alternates', 'worktrees/one/commondir'];

/** What lies in the world: of a person, her repository, the swarm's own, and two worktrees. All of it says the same. */
const FILES = [
  ...['ada/.ssh/id', 'ada/bin/tool', 'ada/cache/kept', 'ada/app/readme', 'ada/app/.git/HEAD', 'ada/app/.git/drover/x'],
  ...['ada/app/.git/objects/pack', 'data/one/.git', 'data/one/mine', 'data/two/theirs', 'data/journal', 'run/key'],
] as const;

/** Files, a service and a socket on a machine, before anybody is shut in. */
export type SandboxWorld = AsyncDisposable & {
  readonly at: (path: string) => string;
  readonly files: Readonly<Record<string, string>>;
  readonly port: number;
  /** A socket in a folder that is to be hidden. */
  readonly socket: string;
  readonly sockets: string;
};

export const openSandboxWorld = async (name: string): Promise<SandboxWorld> => {
  const folder = temporaryFolder('world');
  const at = (path: string) => join(folder.path, name, path);
  const own = [...OWN, 'worktrees/one/gitdir'].map((file) => `data/git/${file}`);
  const config = [
    'ada/app/.git/config',
    'ada/app/.git/hooks/pre-commit',
    'data/config',
    'data/home/rc',
    'ada/app/.git/objects/info/packs',
  ];
  for (const file of [...FILES, ...own, ...config, 'data/git/drover/objects/x']) {
    mkdirSync(dirname(at(file)), { recursive: true });
    writeFileSync(at(file), 'own');
  }
  const [service, others] = [createServer(), createServer()];
  // A socket has a name of at most 108 bytes.
  const sockets = join(folder.path, 'sockets');
  mkdirSync(sockets);
  const socket = join(sockets, 's');
  service.listen(0, '127.0.0.1');
  others.listen(socket);
  await Promise.all([once(service, 'listening'), once(others, 'listening')]);
  const address = service.address();
  return {
    ...{ at, socket, sockets, files: Object.fromEntries(FILES.map((file) => [file, 'own'])) },
    port: typeof address === 'object' ? address!.port : 0,
    [Symbol.asyncDispose]: async () => {
      for (const server of [service, others]) {
        server.close();
        await once(server, 'close');
      }
      folder[Symbol.dispose]();
    },
  };
};

type Deeds = Readonly<Partial<Record<'reads' | 'writes' | 'sockets', readonly string[]>>> & {
  readonly ports?: readonly number[];
};

/** What came of it: whether what is outside was read, changed or reached, in the order in which it was asked. */
type Deeded = Readonly<Record<'reads' | 'writes' | 'ports' | 'sockets', readonly boolean[]>> & {
  /** What a file outside holds now. */
  readonly bytes: (path: string) => string;
};

export type SandboxStage = {
  readonly sandbox: Sandbox;
  readonly can: (spec: SandboxSpec, deeds: Deeds) => Promise<Deeded>;
  /** Undefined where such a sandbox cannot be run on this system. */
  readonly run?: (spec: SandboxSpec, argv: readonly string[]) => Promise<{ code: number | null; stdout: string }>;
};

/** Does what it is told on its input, and says of each deed whether it could be done. */
const DOES = `
const fs = require('node:fs');
const { reads, writes, ports, sockets } = JSON.parse(fs.readFileSync(0, 'utf8'));
const attempt = (work) => { try { return work(); } catch { return false; } };
const reach = (where) => new Promise((say) => {
  const line = require('node:net').connect(where);
  line.once('connect', () => { line.destroy(); say(true); });
  line.once('error', () => say(false));
});
(async () => console.log(JSON.stringify({
  reads: reads.map((file) => attempt(() => fs.readFileSync(file, 'utf8') === 'own')),
  writes: writes.map((file) => attempt(() => (fs.appendFileSync(file, '+'), true))),
  ports: await Promise.all(ports.map((port) => reach({ port, host: '127.0.0.1' }))),
  sockets: await Promise.all(sockets.map((path) => reach({ path }))),
})))();
`;

const execute = async (argv: readonly string[], home: string, input: string) => {
  const env = { ...process.env, HOME: home };
  const child = spawn(argv[0]!, argv.slice(1), { stdio: ['pipe', 'pipe', 'inherit'], env });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stdin.on('error', () => undefined).end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout };
};

/** Really shuts programs in. */
export const realSandboxStage = (sandbox: Sandbox): SandboxStage => {
  const run = async (spec: SandboxSpec, argv: readonly string[], input = '') =>
    execute(
      [...(await sandbox.wall({ ...spec, read: [...spec.read, dirname(process.execPath)] })), ...argv],
      spec.home.at,
      input,
    );
  return {
    sandbox,
    run: (spec, argv) => run(spec, argv),
    can: async (spec, { reads = [], writes = [], ports = [], sockets = [] }) => {
      const { stdout } = await run(
        spec,
        [process.execPath, '-e', DOES],
        JSON.stringify({ reads, writes, ports, sockets }),
      );
      const bytes = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : '');
      // What was written into something that only lies there inside has changed nothing.
      return { ...JSON.parse(stdout), writes: writes.map((path) => bytes(path).endsWith('+')), bytes };
    },
  };
};
