import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSwarm, testRepository } from '../helpers/swarm.ts';
import { drover, openProgram } from './program.ts';

const MAY_MOUNT =
  process.getuid?.() === 0 && spawnSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

/** A small file system at a folder, gone with the scope. */
const smallDisk = (folder: string, size: string): Disposable => {
  mkdirSync(folder, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=0700`, 'tmpfs', folder]);
  return { [Symbol.dispose]: () => void execFileSync('umount', ['-l', folder]) };
};

test.skipIf(!MAY_MOUNT)('on a full disk nothing that was acknowledged is lost, and with room it goes on', async () => {
  using repository = testRepository();
  const { root, env, paths } = repository;
  using _disk = smallDisk(paths.state, '2m');
  const place = { cwd: root, env };
  try {
    expect(await drover(['create', 'task', 'Before', '--id', 'before'], place)).toMatchObject({ exit: 0 });
    const filler = join(paths.state, 'filler');
    spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=4096']);
    const acknowledged = ['before'];
    let refusal = '';
    for (let n = 0; n < 40 && refusal === ''; n += 1) {
      const { exit, stderr } = await drover(['create', 'task', `Task ${n}`, '--id', `n-${n}`], place);
      if (exit === 0) acknowledged.push(`n-${n}`);
      else refusal = `${exit} ${stderr}`;
    }
    expect(refusal).toMatch(/^[17] drover: .*(?:no space|full).*\.\n.+\n$/iu);
    expect(refusal).not.toMatch(/\n\s+at /u);
    rmSync(filler);
    const listed = await drover(['list', 'tasks', '--json'], place);
    expect(listed.exit).toBe(0);
    const ids = (JSON.parse(listed.stdout) as { id: string }[]).map((task) => task.id);
    expect(ids.toSorted()).toEqual(acknowledged.toSorted());
    expect(await drover(['create', 'task', 'After', '--id', 'after'], place)).toMatchObject({ exit: 0 });
  } finally {
    await drover(['daemon', 'stop'], place);
  }
});

test('two daemons started at once become one, and both callers are answered', async () => {
  await using program = openProgram();
  const answers = await Promise.all(
    Array.from({ length: 4 }, (_, n) => program.drover('create', 'task', `Task ${n}`, '--id', `n-${n}`)),
  );
  expect(answers.map(({ exit, stderr }) => [exit, stderr])).toEqual(answers.map(() => [0, '']));
  const { stdout } = await program.drover('list', 'tasks', '--json');
  expect((JSON.parse(stdout) as { id: string }[]).map(({ id }) => id).toSorted()).toEqual(['n-0', 'n-1', 'n-2', 'n-3']);
  const started = JSON.parse((await program.drover('events', 'list', '--json')).stdout) as { type: string }[];
  expect(started.filter(({ type }) => type === 'daemon.started')).toHaveLength(1);
});

test.each(['a socket that nobody listens on', 'an ordinary file'])(
  '%s in the place of the socket is in nobody’s way',
  async (kind) => {
    await using program = openProgram();
    mkdirSync(program.paths.state, { recursive: true });
    if (kind === 'an ordinary file') writeFileSync(program.paths.socket, 'left behind');
    else {
      const early = `${program.paths.state}/x.sock`;
      const server = createServer().listen(early);
      await once(server, 'listening');
      execFileSync('ln', [early, program.paths.socket]);
      server.close();
      await once(server, 'close');
    }
    expect(await program.drover('create', 'task', 'One')).toMatchObject({ exit: 0, stderr: '' });
  },
);

test('a journal that ends in half a line loses that half line only, and says so', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task "One" id=one');
  await swarm.close();
  const [last] = readdirSync(swarm.paths.journal).toSorted().toReversed();
  appendFileSync(join(swarm.paths.journal, last!), '{"seq":99,"type":"task.cre');
  for (const file of readdirSync(swarm.paths.state))
    if (file.startsWith('db.json')) rmSync(join(swarm.paths.state, file));
  await swarm.reopen();
  expect(Object.keys((await swarm.state()).tasks)).toEqual(['one']);
  const told = [...swarm.log, (await swarm.say('list events limit=50')).text].join('\n');
  expect(told).toMatch(/half|torn|not whole|incomplete|cut off/iu);
  expect(await swarm.say('create task "Two" id=two')).toMatchObject({ exit: 0 });
  await swarm.reopen();
  expect(Object.keys((await swarm.state()).tasks)).toEqual(['one', 'two']);
});

test('a projection that is no JSON, or empty, is rebuilt from the journal', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task "One" id=one');
  for (const garbage of ['', '{"half', '[]', 'null', '\0\0\0']) {
    await swarm.close();
    writeFileSync(swarm.paths.projection, garbage);
    await swarm.reopen();
    expect(Object.keys((await swarm.state()).tasks)).toEqual(['one']);
  }
});

test('a configuration that cannot be understood is named with file and line before anything starts', async () => {
  await using program = openProgram();
  const said = async (text: string) => {
    writeFileSync(program.paths.config, text);
    const { exit, stderr } = await program.drover('list', 'tasks');
    return [exit, stderr];
  };
  const { config } = program.paths;
  expect(await said('{\n  "agent": "rehearsal",\n}\n')).toEqual([2, expect.stringContaining(`drover: ${config}:`)]);
  expect(await said('{\n  "agnet": "rehearsal"\n}\n')).toEqual([
    2,
    `drover: ${config}:2: there is no setting "agnet".\nDid you mean "agent"?\n`,
  ]);
  expect(await said('[]')).toEqual([2, expect.stringContaining(`drover: ${config}`)]);
  expect(await said('{ "limits": { "maxInstances": -1 } }')).toEqual([
    2,
    expect.stringContaining(`${config}:1: limits.maxInstances`),
  ]);
  expect(await said('\ufeff{ "agent": "rehearsal" }')).toEqual([0, '']);
});

test('[SEC-7] the folder of the state is for its owner only, and so is the way to the socket', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);
  expect([mode(swarm.paths.state), mode(swarm.paths.socket)]).toEqual(['700', '600']);
  const secrets = [`${swarm.paths.instances}/rehearsal-1/token`, `${swarm.paths.instances}/rehearsal-1/launch.sh`];
  expect(secrets.filter((path) => existsSync(path)).map(mode)).toEqual(['600', '600']);
  for (const folder of [swarm.paths.logs, swarm.paths.spool, swarm.paths.instances, swarm.paths.journal])
    expect([folder, mode(folder)]).toEqual([folder, '700']);
});
