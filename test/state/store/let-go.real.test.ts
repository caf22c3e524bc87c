import { execFileSync } from 'node:child_process';
import { closeSync, constants, existsSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { createBackup } from '../../../src/state/store/backup/create.ts';
import { restoreBackup } from '../../../src/state/store/backup/restore.ts';
import { noteBegin, removeBefore } from '../../../src/state/store/base.ts';
import { checkJournal } from '../../../src/state/store/check.ts';
import { realDisk } from '../../../src/state/store/disk.ts';
import { openStore } from '../../../src/state/store/open.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { type Said, startChild } from './children.ts';
import { alert, BY_CLI, listed, optionsIn } from './place.ts';

const CYCLES = 12;
const TURNS = 200;

/** Lets a process write and let go of what is old, and kills it at a moment that differs each time. */
const killed = async (folder: string, cycle: number): Promise<readonly Said[]> => {
  await using child = startChild(folder, ['clean', String(cycle)]);
  const isOver = () => child.process.exitCode !== null;
  await vi.waitUntil(() => child.said().some(({ cleaned }) => cleaned !== undefined) || isOver(), {
    timeout: 30_000,
    interval: 5,
  });
  for (let left = ((cycle * 7) % 61) * TURNS; left > 0; left -= 1) await turn();
  child.process.kill('SIGKILL');
  await child.gone;
  expect(child.errors()).toBe('');
  return child.said();
};

test('[STO-5] kill -9 while old events go, twelve times: they are there or gone, and nothing that was acknowledged is lost', async () => {
  using folder = temporaryFolder('let-go');
  const certain = new Set<string>();
  let begin = 1;
  let cleanings = 0;
  for (let cycle = 1; cycle <= CYCLES; cycle += 1) {
    const said = await killed(folder.path, cycle);
    for (const { ids = [], seqs } of said) if (seqs) for (const id of ids) certain.add(id);
    const done = said.flatMap(({ cleaned }) => cleaned ?? []);
    const begun = said.flatMap(({ cleaning }) => cleaning ?? []).at(-1)!;
    begin = done.at(-1) ?? begin;
    cleanings += done.length;
    const options = optionsIn(folder.path);
    await using store = await openStore(options);
    const events = await listed(store);
    const first = events[0]?.seq ?? store.state.seq + 1;
    expect([begin, begun]).toContain(first);
    begin = first;
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => first + index));
    expect([...certain].filter((id) => store.state.alerts[id] === undefined)).toEqual([]);
    expect(store.losses).toEqual([]);
    expect((await store.rebuild()).equal).toBe(true);
    for await (const { fault } of checkJournal(options.paths.journal)) expect(fault).toBeNull();
    // Nothing is left of what does not count any more.
    const numbers = readdirSync(options.paths.journal).flatMap((name) => /^\d{12}/u.exec(name)?.[0] ?? []);
    expect(numbers.filter((number) => Number(number) < first)).toEqual([]);
  }
  expect(cleanings).toBeGreaterThanOrEqual(CYCLES);
}, 300_000);

/** Waits until somebody is about to read a pipe, and gives them the text. */
const giveTo = async (pipe: string, text: Buffer, meanwhile: () => Promise<void>): Promise<void> => {
  const openPipe = (): number | undefined => {
    try {
      return openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch {
      return undefined;
    }
  };
  const end = await vi.waitUntil(openPipe, { timeout: 30_000, interval: 5 });
  await meanwhile();
  writeSync(end, text);
  closeSync(end);
};

test.each([
  ['at a segment', '000000000033.jsonl.gz'],
  ['before it has looked for segments', '000000000001.snapshot.json'],
])('[INI-4] a backup during which old events go, %s, has what stays, whole', async (_when, name) => {
  using folder = temporaryFolder('let-go');
  const options = optionsIn(folder.path, { limits: { events: 4, bytes: 1e6, live: 1 } });
  const { paths } = options;
  {
    await using store = await openStore(options);
    for (let n = 1; n <= 60; n += 1) await store.append([alert(`a${n}`)], BY_CLI);
  }
  // The backup stops in the middle of its work: at a file that is a pipe.
  const middle = `${paths.journal}/${name}`;
  const text = existsSync(middle) ? readFileSync(middle) : Buffer.alloc(0);
  rmSync(middle, { force: true });
  execFileSync('mkfifo', [middle]);
  const file = `${folder.path}/swarm.backup`;
  const backup = createBackup({ paths, file, now: options.now, logs: false, release: '0.0.0' });
  await giveTo(middle, text, async () => {
    await noteBegin(paths.journal, 45, realDisk);
    await removeBefore(paths.journal, realDisk);
  });
  await backup;
  rmSync(paths.state, { recursive: true });
  await restoreBackup({ paths, file, now: options.now, replace: false, present: async (commits) => commits });
  await using store = await openStore(options);
  expect([store.losses, Object.keys(store.state.alerts).length]).toEqual([[], 60]);
  expect((await listed(store))[0]!.seq).toBe(45);
});
