import {
  appendFileSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import type { AppError } from '../../../src/lib/errors.ts';
import { emptyState, STATE_FORMAT, stateSchema } from '../../../src/state/index.ts';
import { journalMissing, storeDamaged, storeLocked, storeNewer } from '../../../src/state/store/errors.ts';
import { chainChecksum, hex } from '../../../src/state/store/line.ts';
import { openStore, type StoreOptions } from '../../../src/state/store/open.ts';
import { readProjectionState, rebuildProjection } from '../../../src/state/store/rebuild.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { story, timeOf } from '../story.ts';
import { diskWith } from './disks.ts';
import { alert, BY_CLI, firstSegment, listed, optionsIn, readJson } from './place.ts';

/** Leaves a closed store with the story in it, written in two sittings so that a backup exists. */
const told = async (options: StoreOptions): Promise<void> => {
  for (const part of [story.slice(0, 20), story.slice(20)]) {
    await using store = await openStore(options);
    for (const draft of part) await store.append([draft], BY_CLI);
  }
};

const normalised = (file: string): string =>
  readFileSync(file, 'utf8').replace(/"written_at": "[^"]*"/u, '"written_at": ""');

test('a closed store leaves its state, and the one before as a backup', async () => {
  using folder = temporaryFolder('projection');
  const options = optionsIn(folder.path);
  await told(options);
  const { projection } = options.paths;
  const { state, ...rest } = readJson(projection);
  expect(rest).toEqual({
    version: STATE_FORMAT,
    seq: story.length,
    crc: expect.any(Number),
    written_at: expect.any(String),
    sum: expect.any(Number),
  });
  expect(stateSchema.parse(state)).toEqual(state);
  expect(readJson(`${projection}.bak`)).toMatchObject({ version: STATE_FORMAT });
  expect(await readProjectionState(options.paths)).toEqual(state);
});

test('a store that was only opened does not write the same state again', async () => {
  using folder = temporaryFolder('projection');
  const options = optionsIn(folder.path);
  await told(options);
  const before = readFileSync(options.paths.projection, 'utf8');
  await (await openStore(options))[Symbol.asyncDispose]();
  expect(readFileSync(options.paths.projection, 'utf8')).toBe(before);
});

test('[STO-1] db.json is whole at every instant while events pour in', async () => {
  using folder = temporaryFolder('projection');
  const options = optionsIn(folder.path, { projectionEvery: 1, limits: { events: 50, bytes: 1e6 } });
  await using store = await openStore(options);
  const seen = new Set<unknown>();
  for (let n = 0; n < 600; n += 1) {
    const appended = store.append([alert(`a${n % 40}`, 'x'.repeat(500))], BY_CLI);
    const { seq, state } = readJson(options.paths.projection);
    expect(stateSchema.parse(state).seq).toBe(seq);
    seen.add(seq);
    await appended;
  }
  expect(seen.size).toBeGreaterThan(5);
});

test('[STO-1] a projection of an older version is read in the present shape and kept so', async () => {
  using folder = temporaryFolder('projection');
  const options = optionsIn(folder.path);
  mkdirSync(options.paths.state, { recursive: true });
  copyFileSync(new URL('../../fixtures/projections/0.json', import.meta.url), options.paths.projection);
  {
    await using store = await openStore(options);
    expect(store.state).toMatchObject({
      tasks: { 1: { state: 'done' } },
      alerts: {},
      swarm: { next: { claude: 4 }, commands: [] },
    });
    expect(store.repairs).toEqual([expect.stringContaining('the journal was missing')]);
    expect(await store.append([alert('a')], BY_CLI)).toMatchObject([{ seq: 14 }]);
    expect(await listed(store, 1)).toMatchObject([{ seq: 13 }, { seq: 14 }]);
  }
  expect(readJson(options.paths.projection)).toMatchObject({ version: STATE_FORMAT, seq: 14 });
  await using store = await openStore(options);
  expect(store.repairs).toEqual([]);
  expect(store.state.seq).toBe(14);
});

test('[STO-1] a projection without groups, modes and pauses gets them as they were before they existed', async () => {
  using folder = temporaryFolder('projection');
  const options = optionsIn(folder.path);
  mkdirSync(options.paths.state, { recursive: true });
  copyFileSync(new URL('../../fixtures/projections/1.json', import.meta.url), options.paths.projection);
  await using store = await openStore(options);
  expect(stateSchema.parse(store.state)).toMatchObject({
    groups: {},
    swarm: { paused: false },
    instances: { 'claude-1': { group: null, mode: null, hold: null, argv: [], recovery: null } },
    tasks: {
      1: { held: false, archived: false, retries: 0, run: { mode: null, restarts: 0 } },
      3: { run: null, run_agent: null },
    },
  });
});

test('[SEC-9] a projection from before it was remembered that somebody was shut in says it of those who are', async () => {
  const remembered = async (sandbox: string) => {
    using folder = temporaryFolder('projection');
    const options = optionsIn(folder.path);
    mkdirSync(options.paths.state, { recursive: true });
    const old = readFileSync(new URL('../../fixtures/projections/1.json', import.meta.url), 'utf8');
    writeFileSync(options.paths.projection, old.replace('"isolation_level"', `"sandbox": "${sandbox}", $&`));
    await using store = await openStore(options);
    return store.state.swarm.had_shut_in;
  };
  expect([await remembered('worktree'), await remembered('missing')]).toEqual([true, false]);
});

/** What a later version leaves behind: its `db.json` is of another format, or of this one and of a later release. */
const LATER = {
  'another format': { version: STATE_FORMAT + 1, state: { seq: 0, flights: {} } },
  'a later release': { release: '0.10.0' },
} as const;

/** Writes one more event into the journal of a closed store as a later version would, and gives its number. */
const appendUnknown = ({ paths }: StoreOptions, event: object): number => {
  const file = firstSegment(paths);
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const seq = lines.length;
  const json = Buffer.from(JSON.stringify({ seq, at: timeOf(1), corr: 'k', actor: 'cli', ...event }));
  const crc = chainChecksum(json, Number.parseInt(lines.at(-1)!.slice(0, 8), 16));
  appendFileSync(file, `${hex(crc)} ${json}\n`);
  const { projection } = paths;
  writeFileSync(projection, JSON.stringify({ ...readJson(projection), seq, crc }));
  return seq;
};

describe.each(Object.entries(LATER))('a projection of %s', (_what, changes) => {
  const leave = async (folder: string) => {
    const options = optionsIn(folder, { release: '0.9.0' });
    await told(options);
    const { projection } = options.paths;
    const state = (await readProjectionState(options.paths))!;
    const write = (more: object = {}): string => {
      const text = JSON.stringify({ ...readJson(projection), ...changes, ...more });
      for (const file of [projection, `${projection}.bak`]) writeFileSync(file, text);
      return text;
    };
    return { options, projection, state, write };
  };

  test('[STO-3] is made anew from a journal of which all is known, and kept beside it', async () => {
    using folder = temporaryFolder('projection');
    const { options, projection, state, write } = await leave(folder.path);
    const text = write();
    {
      await using store = await openStore(options);
      expect({ ...store.state, seq: 0 }).toEqual({ ...state, seq: 0 });
      expect(store.repairs.join()).toContain('db.json was written by a later version of Drover: kept as db.json.newer');
      expect(store.losses).toEqual([]);
    }
    expect(readFileSync(`${projection}.newer`, 'utf8')).toBe(text);
    expect(readJson(projection)).toMatchObject({ version: STATE_FORMAT, release: '0.9.0' });
    await using again = await openStore(options);
    expect(again.repairs).toEqual([]);
  });

  test.each([
    ['an event', { type: 'flight.begun', data: {} }, 'knows no such type'],
    ['a key of an event', { ...alert('x'), data: { ...alert('x').data, colour: 'red' } }, 'knows no "colour" of it'],
  ])('[STO-3] is refused in a sentence where the journal has %s that is not known', async (_which, event, words) => {
    using folder = temporaryFolder('projection');
    const { options, projection, write } = await leave(folder.path);
    const seq = appendUnknown(options, event);
    const text = write({ seq });
    const error = await openStore(options).catch((thrown: unknown) => thrown as AppError);
    expect(error).toMatchObject({ code: 'state/unknown-event', exit: 1 });
    expect((error as AppError).message).toMatch(new RegExp(`^event ${seq}, .*this version ${words}$`, 'u'));
    expect((error as AppError).hint).toContain('written by a newer Drover');
    expect(readFileSync(projection, 'utf8')).toBe(text);
  });

  test.each([
    ['ends before it', ({ paths }: StoreOptions) => rmSync(paths.journal, { recursive: true })],
    [
      'begins too late',
      ({ paths }: StoreOptions) => {
        rmSync(firstSegment(paths));
        writeFileSync(
          `${paths.journal}/${String(story.length + 1).padStart(12, '0')}.jsonl`,
          `# v1 first=${story.length + 1} crc=00000000\n`,
        );
      },
    ],
  ])('[STO-3] is refused and not touched where the journal %s', async (_which, harm) => {
    using folder = temporaryFolder('projection');
    const { options, projection, write } = await leave(folder.path);
    const text = write();
    harm(options);
    await expect(openStore(options)).rejects.toSatisfy(storeNewer.matches);
    expect(readFileSync(projection, 'utf8')).toBe(text);
  });
});

test('[STO-3] snapshots of a later version are passed over: the journal leads there without them', async () => {
  using folder = temporaryFolder('projection');
  const limits = { events: 10, bytes: 1e6 };
  const options = optionsIn(folder.path, { release: '0.9.0', limits });
  await told({ ...options, release: '0.10.0' });
  const { paths } = options;
  const state = (await readProjectionState(paths))!;
  for (const file of [paths.projection, `${paths.projection}.bak`]) rmSync(file);
  const snapshots = readdirSync(paths.journal).filter((name) => name.endsWith('.snapshot.json'));
  expect(snapshots).not.toEqual([]);
  for (const name of snapshots) {
    // Whoever went on from it would not come to this state.
    const file = `${paths.journal}/${name}`;
    const { seq, crc } = readJson(file);
    writeFileSync(file, JSON.stringify({ ...readJson(file), state: { ...emptyState, seq }, seq, crc, sum: undefined }));
  }
  await using store = await openStore(options);
  expect({ ...store.state, seq: 0 }).toEqual({ ...state, seq: 0 });
});

test('a projection of an older release, or of one that did not say so, is taken as it is', async () => {
  using folder = temporaryFolder('projection');
  const options = optionsIn(folder.path);
  await told(options);
  for (const release of ['0.9.0', '0.10.0', '0.10.0']) {
    await using store = await openStore({ ...options, release });
    expect(store.repairs).toEqual([]);
    await store.append([alert('a')], BY_CLI);
  }
});

test.each([
  ['cut in half', (file: string) => truncateSync(file, 700), 'it is not whole'],
  ['empty', (file: string) => truncateSync(file, 0), 'it is not whole'],
  ['something else', (file: string) => writeFileSync(file, '[1]'), 'it is not a projection'],
  [
    'of another shape',
    (file: string) => writeFileSync(file, JSON.stringify({ ...readJson(file), state: { seq: 1 } })),
    'its state does not fit',
  ],
  [
    'of another event',
    (file: string) => writeFileSync(file, JSON.stringify({ ...readJson(file), seq: 3 })),
    'its state is not the one of its event number',
  ],
  [
    'another journal’s',
    (file: string) => writeFileSync(file, JSON.stringify({ ...readJson(file), crc: 1 })),
    'it does not belong to this journal',
  ],
])(
  '[STO-2] a db.json that is %s is replaced with the help of the backup, and that is told',
  async (_what, harm, why) => {
    using folder = temporaryFolder('projection');
    const options = optionsIn(folder.path);
    await told(options);
    const whole = readJson(options.paths.projection);
    harm(options.paths.projection);
    await using store = await openStore(options);
    expect(store.repairs).toEqual([
      expect.stringContaining(`db.json was damaged (${why}`),
      'the state was rebuilt from db.json.bak and the journal',
    ]);
    expect(store.repairs[0]).toContain('kept as db.json.damaged');
    expect(store.state).toEqual({ ...(whole['state'] as object), seq: story.length + 2 });
    expect(existsSync(`${options.paths.projection}.damaged`)).toBe(true);
  },
);

test('[STO-2] without db.json and with a damaged backup the journal is enough', async () => {
  using folder = temporaryFolder('projection');
  const options = optionsIn(folder.path);
  await told(options);
  rmSync(options.paths.projection);
  truncateSync(`${options.paths.projection}.bak`, 50);
  await using store = await openStore(options);
  expect(store.repairs).toEqual([
    'db.json was missing',
    expect.stringContaining('db.json.bak was damaged'),
    'the state was rebuilt from the journal',
  ]);
});

test('[STO-3] a removed db.json is rebuilt from the journal, byte for byte', async () => {
  using folder = temporaryFolder('projection');
  const options = optionsIn(folder.path, { limits: { events: 10, bytes: 1e6 } });
  await told(options);
  const { projection } = options.paths;
  const before = normalised(projection);
  rmSync(projection);
  expect(await rebuildProjection(options.paths)).toEqual({ seq: story.length });
  expect(normalised(projection)).toBe(before);
  await using store = await openStore(options);
  expect(store.repairs).toEqual([]);
});

test('a rebuild needs the swarm for itself and a journal to read', async () => {
  using folder = temporaryFolder('projection');
  const options = optionsIn(folder.path);
  await expect(rebuildProjection(options.paths)).rejects.toSatisfy(journalMissing.matches);
  await using store = await openStore(options);
  await store.append([alert('a')], BY_CLI);
  await expect(rebuildProjection(options.paths)).rejects.toSatisfy(storeLocked.matches);
});

test.each([
  ['', 100],
  ['.gz', 2],
])('a rebuild does not replace a state whose early events%s are gone', async (packed, live) => {
  using folder = temporaryFolder('projection');
  const options = optionsIn(folder.path, { limits: { events: 10, bytes: 1e6, live } });
  await told(options);
  const before = readFileSync(options.paths.projection, 'utf8');
  rmSync(`${options.paths.journal}/000000000001.jsonl${packed}`);
  await expect(rebuildProjection(options.paths)).rejects.toSatisfy(storeDamaged.matches);
  expect(readFileSync(options.paths.projection, 'utf8')).toBe(before);
});

test('who only looks sees nothing where nothing is, or where it is damaged', async () => {
  using folder = temporaryFolder('projection');
  const { paths } = optionsIn(folder.path);
  expect(await readProjectionState(paths)).toBeNull();
  mkdirSync(paths.state, { recursive: true });
  writeFileSync(paths.projection, '{');
  expect(await readProjectionState(paths)).toBeNull();
  rmSync(paths.projection);
  mkdirSync(paths.projection);
  await expect(readProjectionState(paths)).rejects.toThrow('EISDIR');
});

test('the projection follows changes soon and never runs ahead of the disk', async () => {
  using folder = temporaryFolder('projection');
  const gate = Promise.withResolvers<void>();
  let held = false;
  const openFile = diskWith((file) => ({ sync: async () => (held ? gate.promise : file.sync()) }));
  const options = optionsIn(folder.path, { openFile, projectionEvery: 1 });
  await using store = await openStore(options);
  using _open = { [Symbol.dispose]: () => gate.resolve() }; // Or closing would wait for ever when the test fails.
  const reached = (seq: number) => vi.waitUntil(() => readJson(options.paths.projection)['seq'] === seq);
  await store.append([alert('a')], BY_CLI);
  held = true;
  const appended = store.append([alert('b')], BY_CLI);
  await reached(1);
  expect(store.state.seq).toBe(1);
  gate.resolve();
  await appended;
  await reached(2);
});

test('a backup that is the same file as db.json, left by a crash, is replaced', async () => {
  using folder = temporaryFolder('projection');
  const options = optionsIn(folder.path);
  await told(options);
  const { projection } = options.paths;
  rmSync(`${projection}.bak`);
  linkSync(projection, `${projection}.bak`);
  {
    await using store = await openStore(options);
    await store.append([alert('a')], BY_CLI);
  }
  expect(readJson(projection)['seq']).toBe(story.length + 1);
  expect(readJson(`${projection}.bak`)['seq']).toBe(story.length);
});
