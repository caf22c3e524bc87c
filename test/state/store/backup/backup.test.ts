import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test, vi } from 'vitest';
import { AppError } from '../../../../src/lib/errors.ts';
import { isKept } from '../../../../src/state/store/backup/container.ts';
import { createBackup } from '../../../../src/state/store/backup/create.ts';
import { restoreBackup } from '../../../../src/state/store/backup/restore.ts';
import { chainChecksum, hex } from '../../../../src/state/store/line.ts';
import { takeLock } from '../../../../src/state/store/lock.ts';
import { openStore, type StoreOptions } from '../../../../src/state/store/open.ts';
import { temporaryFolder } from '../../../helpers/folder.ts';
import { alert, BY_CLI, firstSegment, listed, optionsIn } from '../place.ts';

const LIMITS = { limits: { events: 5, bytes: 1e6, live: 1 } };

/** A closed store with so many alerts, in segments of which some are packed. */
const filled = async (options: StoreOptions, count: number): Promise<void> => {
  await using store = await openStore(options);
  for (let n = 1; n <= count; n += 1) await store.append([alert(`a${n}`)], BY_CLI);
};

const now = () => '2026-11-21T12:00:00.000Z';

const create = ({ paths }: StoreOptions, file: string, logs = false) =>
  createBackup({ paths, file, now, logs, release: '0.0.0' });

const restore = ({ paths }: StoreOptions, file: string, replace = false) =>
  restoreBackup({ paths, file, now, replace, present: async (commits) => commits });

const refusal = async (work: Promise<unknown>): Promise<AppError> => {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
};

const stage = (count = 22) => {
  const folder = temporaryFolder('backup');
  const options = optionsIn(folder.path, LIMITS);
  const file = `${folder.path}/swarm.backup`;
  return { folder, options, file, fill: () => filled(options, count), [Symbol.dispose]: folder[Symbol.dispose] };
};

test('[INI-4] a backup brings back state, history, audit and settings, with mode 0600 and nothing else in it', async () => {
  using at = stage();
  const { options, file } = at;
  const { paths } = options;
  await at.fill();
  const extra = {
    [paths.config]: '{"agent":"claude"}',
    [`${paths.audit}/000001.jsonl`]: 'who\n',
    [paths.communicationLog]: 'said\n',
    [`${paths.logs}/claude-1/1.log`]: 'shown\n',
    [`${paths.instances}/claude-1/token`]: 'secret token',
    [`${paths.spool}/claude-1/m1`]: 'secret message',
    [`${paths.state}/daemon.log`]: 'log',
  };
  for (const [path, text] of Object.entries(extra)) {
    mkdirSync(path.slice(0, path.lastIndexOf('/')), { recursive: true });
    writeFileSync(path, text);
  }
  const made = await create(options, file);
  expect((statSync(file).mode & 0o777).toString(8)).toBe('600');
  const text = gunzipSync(readFileSync(file)).toString();
  const named = text.split('\n').flatMap((line) => /"path":"([^"]+)"/u.exec(line)?.[1] ?? []);
  expect(named).toHaveLength(made.files);
  expect(named).toContain('audit/000001.jsonl');
  expect(named.filter((name) => /^(?:logs|instances|spool|daemon)/u.test(name))).toEqual([]);
  expect(text).not.toContain(Buffer.from('secret').toString('base64').slice(0, 7));
  await using before = await openStore(options);
  const [state, events] = [before.state, await listed(before)];
  await before[Symbol.asyncDispose]();
  rmSync(paths.state, { recursive: true });
  rmSync(paths.config);
  expect(await restore(options, file)).toMatchObject({ events: 22, moved: null, settings: 'written' });
  await using store = await openStore(options);
  expect([store.state, await listed(store)]).toEqual([state, events]);
  expect([...store.repairs, ...store.losses]).toEqual([]);
  expect(readFileSync(paths.config, 'utf8')).toBe('{"agent":"claude"}');
  expect(readFileSync(`${paths.audit}/000001.jsonl`, 'utf8')).toBe('who\n');
  expect((statSync(paths.state).mode & 0o777).toString(8)).toBe('700');
});

test('[INI-4] the noted end of the audit is read before its records, so that none is missing that came meanwhile', async () => {
  using at = stage(1);
  const { audit } = at.options.paths;
  await at.fill();
  mkdirSync(audit, { recursive: true });
  for (const name of ['000000000001.jsonl', '000000000003.jsonl', 'tip']) writeFileSync(`${audit}/${name}`, name);
  await create(at.options, at.file);
  const named = gunzipSync(readFileSync(at.file))
    .toString()
    .matchAll(/"path":"audit\/(?<name>[^"]+)"/gu);
  expect([...named].map(({ groups }) => groups!['name'])).toEqual(['tip', '000000000001.jsonl', '000000000003.jsonl']);
});

test('[INI-4] a backup is whole while the swarm writes, rotates and packs', async () => {
  using at = stage();
  await using store = await openStore({ ...at.options, projectionEvery: 1 });
  const write = async (round: number): Promise<void> => {
    for (let n = 0; n < 12; n += 1) await store.append([alert(`b${round}.${n}`), alert(`c${round}.${n}`)], BY_CLI);
  };
  const files: { file: string; least: number }[] = [];
  for (let round = 0; round < 3; round += 1) {
    const file = `${at.folder.path}/round-${round}`;
    const { seq } = store.state;
    await Promise.all([write(round), create(at.options, file, true)]);
    files.push({ file, least: seq });
  }
  for (const [index, { file, least }] of files.entries()) {
    const other = optionsIn(`${at.folder.path}/other-${index}`, LIMITS);
    const { events } = await restore(other, file);
    expect(events).toBeGreaterThanOrEqual(least);
    await using again = await openStore(other);
    expect([again.repairs, again.losses, again.state.seq]).toEqual([[], [], events]);
    expect((await listed(again)).map(({ seq }) => seq)).toEqual(Array.from({ length: events }, (_, n) => n + 1));
  }
});

test('[INI-4] a backup replaces no file, and is restored over no state and beside no daemon unless that is said', async () => {
  using at = stage();
  const { options, file } = at;
  expect((await refusal(create(options, file))).code).toBe('backup/nothing');
  await at.fill();
  await create(options, file);
  expect((await refusal(create(options, file))).code).toBe('backup/exists');
  expect((await refusal(create(options, `${at.folder.path}/nowhere/x`))).code).toBe('backup/not-written');
  expect((await refusal(restore(options, file))).code).toBe('backup/state-exists');
  {
    await using _daemon = await openStore(options);
    expect((await refusal(restore(options, file, true))).code).toBe('store/locked');
  }
  await filled(options, 3);
  const { moved } = await restore(options, file, true);
  expect(existsSync(`${moved}/journal`)).toBe(true);
  await using store = await openStore(options);
  expect(store.state.seq).toBe(22);
  expect(readdirSync(at.folder.path).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

const rewritten = (file: string, edit: (text: string) => string): void =>
  writeFileSync(file, gzipSync(edit(gunzipSync(readFileSync(file)).toString())));

test.each<[string, (file: string) => void, string]>([
  ['is something else', (file) => writeFileSync(file, 'a text'), 'backup/foreign'],
  ['is packed and something else', (file) => writeFileSync(file, gzipSync('{"a":1}\n')), 'backup/foreign'],
  ['is empty', (file) => writeFileSync(file, ''), 'backup/foreign'],
  ['is packed and empty', (file) => writeFileSync(file, gzipSync('')), 'backup/foreign'],
  ['is cut', (file) => writeFileSync(file, readFileSync(file).subarray(0, -40)), 'backup/damaged'],
  [
    'is of a later format',
    (file) => rewritten(file, (text) => text.replace('"version":1', '"version":9')),
    'backup/newer',
  ],
  ['lacks a line', (file) => rewritten(file, (text) => text.split('\n').toSpliced(3, 1).join('\n')), 'backup/damaged'],
  ['lacks its end', (file) => rewritten(file, (text) => text.split('\n').slice(0, -2).join('\n')), 'backup/damaged'],
  [
    'has a changed line',
    (file) => rewritten(file, (text) => text.replace(/"data":"..../u, '"data":"AAAA')),
    'backup/damaged',
  ],
  ['goes on behind its end', (file) => rewritten(file, (text) => `${text}{}\n`), 'backup/damaged'],
  [
    'leads out of its folder',
    (file) => rewritten(file, (text) => text.replace('"path":"db.json"', '"path":"journal/../../../x"')),
    'backup/damaged',
  ],
  ['is not there', (file) => rmSync(file), 'backup/not-read'],
])('[INI-4] a backup that %s is refused by a sentence, and the state is as it was', async (_what, harm, code) => {
  using at = stage();
  await at.fill();
  await create(at.options, at.file);
  harm(at.file);
  const error = await refusal(restore(at.options, at.file, true));
  expect([error.code, error.message.includes('\n')]).toEqual([code, false]);
  expect(readdirSync(`${at.folder.path}/.git`)).toEqual(['drover']);
  await using store = await openStore(at.options);
  expect(store.state.seq).toBe(22);
});

test('[INI-4] a backup has a flipped byte anywhere told, or is the same', async () => {
  using at = stage(6);
  await at.fill();
  await create(at.options, at.file);
  const bytes = readFileSync(at.file);
  const other = optionsIn(`${at.folder.path}/other`, LIMITS);
  for (let at_ = 0; at_ < 40; at_ += 1) {
    const place = Math.floor((at_ / 40) * bytes.length);
    const harmed = Buffer.from(bytes);
    harmed[place] = harmed[place]! ^ 4;
    writeFileSync(at.file, harmed);
    const outcome = await restore(other, at.file, true).catch((error: unknown) => error);
    if (!(outcome instanceof AppError)) expect(outcome).toMatchObject({ events: 6 });
  }
});

test('[INI-4] a backup that was cut off while it was restored leaves the old or the new, never half', async () => {
  using at = stage();
  const { options, file } = at;
  const { state } = options.paths;
  await at.fill();
  await create(options, file);
  await filled(options, 3);
  // Killed while it unpacked: the old one goes on, and what lies beside it goes, but not from under whoever restores.
  mkdirSync(`${state}.restoring/journal`, { recursive: true });
  writeFileSync(`${state}.restoring/journal/000000000001.jsonl`, 'half');
  {
    const restoring = await takeLock(options.paths.lock);
    await expect(openStore(options)).rejects.toThrow('belongs to process');
    expect(existsSync(`${state}.restoring/journal`)).toBe(true);
    await restoring[Symbol.asyncDispose]();
    await using store = await openStore(options);
    expect([store.state.seq, existsSync(`${state}.restoring`)]).toEqual([25, false]);
  }
  // Killed when it counted and did not lie in its place yet, before or after the old one was moved away.
  const other = optionsIn(`${at.folder.path}/other`, LIMITS);
  for (const isMoved of [false, true]) {
    rmSync(other.paths.root, { recursive: true, force: true });
    await restore(other, file);
    renameSync(other.paths.state, `${state}.restored`);
    if (isMoved) rmSync(state, { recursive: true });
    const opened = await Promise.allSettled([openStore(options), openStore(options)]);
    const stores = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    // The one of them that has moved the old one away tells where it lies.
    expect(stores.map((store) => [store.state.seq - store.repairs.length, store.losses])).toEqual([[22, []]]);
    await stores[0]![Symbol.asyncDispose]();
    if (!isMoved) await filled(options, 1);
  }
  await restore(options, file, true);
  expect(existsSync(`${state}.restoring`)).toBe(false);
});

test.each([true, false])(
  '[INI-4] a restore is done where a daemon that starts puts it in its place, and where that is killed: %s',
  async (isFinished) => {
    using at = stage();
    const { options, file } = at;
    const { state } = options.paths;
    await at.fill();
    await create(options, file);
    await filled(options, 3);
    const starting = await takeLock(`${state}.restore.lock`);
    const restoring = Promise.allSettled([restore(options, file, true)]);
    await vi.waitUntil(() => existsSync(`${state}.restored`));
    if (isFinished) {
      renameSync(state, `${state}.before-start`);
      renameSync(`${state}.restored`, state);
    }
    await starting[Symbol.asyncDispose]();
    expect(await restoring).toMatchObject([{ status: 'fulfilled', value: { events: 22 } }]);
    await using store = await openStore(options);
    expect(store.state.seq).toBe(22);
  },
);

test.each(['not begun', 'moved away', 'done'])(
  '[INI-4] a daemon that has looked already opens what is restored then, its placing being %s',
  async (placing) => {
    using at = stage();
    const { options, file } = at;
    const { paths } = options;
    const { state } = paths;
    await at.fill();
    await create(options, file);
    await filled(options, 3);
    const other = optionsIn(`${at.folder.path}/other`, LIMITS);
    await restore(other, file);
    let isRestored = false;
    const lock = async (path: string) => {
      const taken = await takeLock(path);
      if (isRestored) return taken;
      isRestored = true;
      renameSync(other.paths.state, `${state}.restored`);
      if (placing !== 'not begun') renameSync(state, `${state}.before-restore`);
      if (placing === 'moved away') mkdirSync(paths.journal, { recursive: true });
      if (placing === 'done') renameSync(`${state}.restored`, state);
      return taken;
    };
    await using store = await openStore({ ...options, lock });
    const told = placing === 'done' ? [] : [expect.stringMatching(/what was there before lies in .+\.before-/u)];
    expect([store.state.seq, store.repairs, store.losses]).toEqual([22 + told.length, told, []]);
    for (const repair of store.repairs) expect(existsSync(repair.split(' lies in ')[1]!)).toBe(true);
    expect(store.displaced()).toBeUndefined();
  },
);

const ARCHIVED = '000000000006.jsonl.gz';

test.each<[string, (journal: string) => void, RegExp]>([
  ['lacks an archived segment', (journal) => rmSync(`${journal}/${ARCHIVED}`), /lacks what is before|lost/u],
  ['has a damaged archived segment', (journal) => writeFileSync(`${journal}/${ARCHIVED}`, 'x'), /damaged at line/u],
  ['is gone', (journal) => rmSync(journal, { recursive: true }), /journal/u],
])(
  '[INI-4] a swarm whose journal %s is backed up and restored, and what is missing is named',
  async (_what, harm, gap) => {
    using at = stage();
    const { options, file } = at;
    const { paths } = options;
    await at.fill();
    expect(readdirSync(paths.journal)).toContain(ARCHIVED);
    harm(paths.journal);
    expect((await create(options, file)).gaps).toEqual([expect.stringMatching(gap)]);
    const restored = await restore(options, file, true);
    expect(restored).toMatchObject({ events: 22, gaps: [expect.stringMatching(gap)] });
    expect(restored.gaps.join('')).not.toContain('.restoring');
    await using store = await openStore(options);
    // What is wrong with the files is noted once it is opened.
    expect(store.state.seq - store.repairs.length).toBe(22);
  },
);

test('[INI-4] a backup is refused where a start needs what is damaged', async () => {
  using at = stage();
  const { paths } = at.options;
  await at.fill();
  for (const path of [paths.projection, `${paths.projection}.bak`]) rmSync(path, { force: true });
  const last = readdirSync(paths.journal).findLast((name) => name.endsWith('.jsonl'))!;
  const text = readFileSync(`${paths.journal}/${last}`, 'utf8');
  writeFileSync(`${paths.journal}/${last}`, text.replace('something', 'somethinG'));
  expect((await refusal(create(at.options, at.file))).code).toBe('store/damaged');
});

test('[INI-4] a backup with an event that only a later version knows is said to be of a newer one, and nothing is changed', async () => {
  using at = stage(3);
  const { paths } = at.options;
  await at.fill();
  for (const path of [paths.projection, `${paths.projection}.bak`]) rmSync(path, { force: true });
  const text = readFileSync(firstSegment(paths), 'utf8').trimEnd();
  const json = Buffer.from(
    JSON.stringify({ seq: 4, at: now(), corr: 'k', actor: 'cli', type: 'flight.begun', data: {} }),
  );
  const crc = chainChecksum(json, Number.parseInt(text.split('\n').at(-1)!.slice(0, 8), 16));
  writeFileSync(firstSegment(paths), `${text}\n${hex(crc)} ${json}\n`);
  await create(at.options, at.file);
  rmSync(paths.state, { recursive: true });
  const error = await refusal(restore(at.options, at.file));
  expect(error.code).toBe('backup/newer');
  expect(error.message).toMatch(/was written by a newer Drover: event 4, "flight\.begun",.* knows no such type$/u);
  expect(readdirSync(paths.commonDir).filter((name) => name.includes('rest'))).toEqual([]);
});

test.each(['EPERM', 'ENOTSUP', 'ENOSYS'])(
  '[INI-4] a backup is written where no file can have two names (%s), and replaces none there',
  async (code) => {
    using at = stage(3);
    const { options, file } = at;
    await at.fill();
    const link = async (): Promise<void> => {
      throw Object.assign(new Error(code), { code });
    };
    const made = { paths: options.paths, file, now, logs: false, release: '0.0.0', link };
    await createBackup(made);
    expect((statSync(file).mode & 0o777).toString(8)).toBe('600');
    const first = readFileSync(file);
    expect((await refusal(createBackup(made))).code).toBe('backup/exists');
    expect(readFileSync(file)).toEqual(first);
    expect(readdirSync(at.folder.path).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(await restore(options, file, true)).toMatchObject({ events: 3 });
  },
);

test('only names of the state folder may be in a backup', () => {
  const refused = [
    '../x',
    'journal/../x',
    '/etc/passwd',
    'journal/.x',
    'logs/a/../b',
    'journal/a/b',
    'lock.db',
    'journal/a.tmp',
    'instances/a/token',
    '',
  ];
  expect(refused.filter(isKept)).toEqual([]);
  expect(['db.json', 'journal/000000000001.jsonl', 'logs/claude-1/x.log', 'audit/1.jsonl'].filter(isKept)).toHaveLength(
    4,
  );
});
