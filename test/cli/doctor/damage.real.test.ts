import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { Paths } from '../../../src/lib/paths.ts';
import { openStore } from '../../../src/state/store/open.ts';
import { daemonRepository } from '../../helpers/daemon.ts';
import { runMain } from '../../helpers/io.ts';
import { alert, BY_CLI } from '../../state/store/place.ts';

type Report = { readonly findings: readonly { id: string; severity: string; cause: string; fixed: boolean }[] };

const stage = () => {
  const repository = daemonRepository();
  const at = { cwd: repository.root, env: repository.env };
  const doctor = async (...more: readonly string[]) => {
    const { stdout } = await runMain(['doctor', '--json', '--timeout', '20s', ...more], at);
    return (JSON.parse(stdout) as Report).findings.filter(
      ({ id, severity }) => severity !== 'ok' && /^(?:state|daemon)\./u.test(id),
    );
  };
  return { repository, paths: repository.paths, doctor, drover: (...argv: string[]) => runMain(argv, at) };
};

test.each<[string, (paths: Paths) => string, string]>([
  [
    'the lock is garbage',
    ({ lock }) => {
      writeFileSync(lock, 'garbage '.repeat(100));
      return lock;
    },
    'state.in-the-way',
  ],
  [
    'the lock is a folder',
    ({ lock }) => {
      rmSync(lock);
      mkdirSync(lock);
      return lock;
    },
    'state.in-the-way',
  ],
  [
    'the spool folder is a file',
    ({ spool }) => {
      rmSync(spool, { recursive: true });
      writeFileSync(spool, '');
      return spool;
    },
    'state.in-the-way',
  ],
  [
    'the socket is a folder',
    ({ socket }) => {
      mkdirSync(dirname(socket), { recursive: true });
      mkdirSync(socket);
      return socket;
    },
    'daemon.not-a-socket',
  ],
])('[STO-2] %s: a command says so, doctor names it, and --fix sets it aside', async (_what, harm, id) => {
  const { repository, paths, doctor, drover } = stage();
  await using _repository = repository;
  await drover('do', 'create task "Kept" id=kept');
  await drover('daemon', 'stop');
  const path = harm(paths);
  const refused = await drover('tasks', 'list');
  expect([refused.exit, refused.stdout]).toEqual([1, '']);
  expect(refused.stderr).toContain(path);
  expect(refused.stderr).toContain('drover doctor');
  expect(await doctor()).toMatchObject([{ id, severity: 'error', cause: expect.stringContaining(path) }]);
  expect((await doctor('--fix')).map(({ fixed }) => fixed)).toEqual([true]);
  expect(statSync(`${path}.damaged`)).toBeTruthy();
  expect((await drover('tasks', 'list')).stdout).toContain('Kept');
});

test('[STO-2] an acknowledged task whose line was cut off is told by doctor, by an alert, and by the status', async () => {
  const { repository, paths, doctor, drover } = stage();
  await using _repository = repository;
  await drover('do', 'create task "Kept" id=kept');
  await drover('daemon', 'stop');
  for (const name of [paths.projection, `${paths.projection}.bak`]) rmSync(name, { force: true });
  const [file] = readdirSync(paths.journal).filter((name) => name.endsWith('.jsonl'));
  const segment = join(paths.journal, file!);
  truncateSync(segment, readFileSync(segment, 'utf8').indexOf('"task.created"') - 20);
  const found = await doctor();
  expect(found.map(({ id }) => id)).toContain('state.lost');
  expect(found.find(({ id }) => id === 'state.lost')?.cause).toMatch(/^events \d+ to \d+ had been acknowledged/u);
  expect((await drover('alerts', 'list')).stdout).toMatch(/had been acknowledged and are gone/u);
  expect((await drover('status')).stdout).not.toContain('All is well');
  expect((await doctor()).map(({ id }) => id)).toEqual(['state.lost']);
  expect((await drover('alerts', 'clear', 'journal-lost')).exit).toBe(0);
  expect(await doctor()).toEqual([]);
});

test('[STO-2] a journal that is gone beside its db.json is told, and the state goes on', async () => {
  const { repository, paths, doctor, drover } = stage();
  await using _repository = repository;
  await drover('do', 'create task "Kept" id=kept');
  await drover('daemon', 'stop');
  renameSync(paths.journal, `${paths.journal}.away`);
  expect((await drover('tasks', 'list')).stdout).toContain('Kept');
  expect((await drover('alerts', 'list')).stdout).toContain('the journal has lost events 1 to');
  expect((await doctor()).map(({ id }) => id)).toEqual(['state.lost']);
  await drover('daemon', 'stop');
  for (const name of [paths.projection, `${paths.projection}.bak`]) rmSync(name, { force: true });
  expect((await drover('tasks', 'list')).stdout).toContain('Kept');
  expect(existsSync(`${paths.journal}.away`)).toBe(true);
});

test('[STO-2] a flipped byte that keeps the daemon from starting is repaired by doctor --fix', async () => {
  const { repository, paths, doctor, drover } = stage();
  await using _repository = repository;
  await drover('do', 'create task "Kept" id=kept');
  await drover('daemon', 'stop');
  const [file] = readdirSync(paths.journal).filter((name) => name.endsWith('.jsonl'));
  const segment = join(paths.journal, file!);
  writeFileSync(segment, readFileSync(segment, 'utf8').replace('Kept', 'Kepf'));
  const refused = await drover('tasks', 'list');
  expect([refused.exit, refused.stderr]).toEqual([1, expect.stringContaining('"drover doctor --fix"')]);
  expect(await doctor()).toMatchObject([{ id: 'state.damaged', cause: expect.stringContaining('nothing is lost') }]);
  expect((await doctor('--fix')).map(({ id, fixed }) => [id, fixed])).toEqual([['state.damaged', true]]);
  expect((await drover('tasks', 'list')).stdout).toContain('Kept');
  expect(await doctor()).toEqual([]);
});

test('[STO-2] a journal that was repaired is sound without its db.json, and nothing is repaired or recorded again', async () => {
  const { repository, paths, doctor, drover } = stage();
  await using _repository = repository;
  for (const name of ['one', 'two', 'three']) await drover('do', `create task "Kept ${name}" id=${name}`);
  await drover('daemon', 'stop');
  const segment = join(paths.journal, '000000000001.jsonl');
  writeFileSync(segment, readFileSync(segment, 'utf8').replace('Kept two', 'Kept owt'));
  expect((await doctor('--fix')).map(({ id, fixed }) => [id, fixed])).toEqual([['state.damaged', true]]);
  await drover('do', 'create task "Kept four" id=four');
  await drover('daemon', 'stop');
  rmSync(paths.projection);
  const before = readdirSync(paths.state).toSorted();
  expect(await doctor()).toMatchObject([{ id: 'state.projection', severity: 'note' }]);
  expect(await doctor('--fix')).toMatchObject([{ id: 'state.projection', fixed: false }]);
  expect(readdirSync(paths.state).toSorted()).toEqual(before);
  rmSync(`${paths.projection}.bak`);
  expect(await doctor()).toMatchObject([{ id: 'state.projection', severity: 'note' }]);
  const { stdout } = await runMain(['doctor', '--json', '--timeout', '20s'], {
    cwd: repository.root,
    env: repository.env,
  });
  const journal = (JSON.parse(stdout) as Report).findings.find(({ id }) => id === 'state.journal');
  expect(journal?.cause).toMatch(/^\d+ of \d+ events in 2 segments, without a gap from event \d+ on$/u);
  const listed = (await drover('tasks', 'list')).stdout;
  for (const name of ['one', 'two', 'three', 'four']) expect(listed).toContain(`Kept ${name}`);
  const events = (await drover('events', 'list', '--json')).stdout;
  expect(events.match(/was set aside in/gu)).toHaveLength(1);
});

test('[STO-2] two damaged places are set aside by one repair', async () => {
  const { repository, paths, doctor, drover } = stage();
  await using _repository = repository;
  await drover('do', 'create task "Kept" id=kept');
  await drover('daemon', 'stop');
  await using store = await openStore({
    paths,
    now: () => '2026-11-20T12:00:00.000Z',
    limits: { events: 1, bytes: 1 },
  });
  for (const id of ['a', 'b', 'c', 'd']) await store.append([alert(id)], BY_CLI);
  await store[Symbol.asyncDispose]();
  for (const name of readdirSync(paths.journal).slice(0, 2)) {
    const file = join(paths.journal, name);
    writeFileSync(file, readFileSync(file, 'utf8').replace('"seq":', '"sew":'));
  }
  const fixed = await doctor('--fix');
  expect(fixed.map((one) => [one.id, one.fixed])).toEqual([
    ['state.history', true],
    ['state.history', true],
  ]);
  expect(readdirSync(paths.state).filter((name) => name.startsWith('damaged-'))).toHaveLength(1);
});
