import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AppError } from '../../../src/lib/errors.ts';
import { checkJournal } from '../../../src/state/store/check.ts';
import { openStore, type StoreOptions } from '../../../src/state/store/open.ts';
import { salvageJournal } from '../../../src/state/store/salvage.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { alert, BY_CLI, optionsIn, withoutSnapshots } from './place.ts';

const EVENTS = 22;
/** Five full segments and a sixth. */
const LIMITS = { events: 4, bytes: 1e6 };

/** A journal of one alert an event, whose projection is of the event so many before the last one: the daemon was killed. */
const killedStore = async (folder: string, behind: number): Promise<StoreOptions> => {
  const options = optionsIn(folder, { limits: LIMITS });
  {
    await using store = await openStore(options);
    for (let n = 1; n <= EVENTS - behind; n += 1) await store.append([alert(`a${n}`)], BY_CLI);
  }
  const { projection } = options.paths;
  copyFileSync(projection, `${projection}.then`);
  await using store = await openStore(options);
  for (let n = EVENTS - behind + 1; n <= EVENTS; n += 1) await store.append([alert(`a${n}`)], BY_CLI);
  await store[Symbol.asyncDispose]();
  copyFileSync(`${projection}.then`, projection);
  rmSync(`${projection}.then`);
  rmSync(`${projection}.bak`, { force: true });
  return options;
};

const segmentsOf = ({ paths }: StoreOptions): string[] =>
  readdirSync(paths.journal)
    .filter((name) => name.endsWith('.jsonl'))
    .toSorted()
    .map((name) => join(paths.journal, name));

/** Everything that says that something is wrong: the refusal, or what an opened store and a look at the whole journal tell. */
const toldOf = async (options: StoreOptions): Promise<readonly string[]> => {
  const told: string[] = [];
  if (existsSync(options.paths.journal))
    for await (const { fault } of checkJournal(options.paths.journal)) if (fault) told.push(fault.what);
  try {
    await using store = await openStore(options);
    told.push(...store.repairs, ...store.losses);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    told.push(error.message);
  }
  return told;
};

/** The alerts that a journal knows of which its state must know as well: nothing is gone unseen. */
const knownAlerts = async (options: StoreOptions): Promise<number> => {
  await using store = await openStore(options);
  return Object.keys(store.state.alerts).filter((id) => id.startsWith('a')).length;
};

const flip = (file: string, at: number): void => {
  const bytes = readFileSync(file);
  bytes[at] = bytes[at]! ^ 4;
  writeFileSync(file, bytes);
};

test('[STO-2] an event that was acknowledged and is gone is named, after a kill as after a clean end', async () => {
  using folder = temporaryFolder('salvage');
  const options = await killedStore(folder.path, 3);
  const last = segmentsOf(options).at(-1)!;
  const text = readFileSync(last, 'utf8');
  truncateSync(last, text.lastIndexOf('\n', text.length - 2) + 1);
  await using store = await openStore(options);
  expect(store.losses).toEqual([
    'event 22 had been acknowledged and is gone from the journal: what was done then has to be done again',
  ]);
  expect(store.state.alerts).not.toHaveProperty('a22');
});

test.each([
  ['the newest segment', 5, 'damaged', 'event 20'],
  ['an old segment', 1, 'damaged', 'event 22'],
])('[STO-2] the damaged part of %s is set aside, and the state goes on', async (_what, index, word, from) => {
  using folder = temporaryFolder('salvage');
  const options = await killedStore(folder.path, 3);
  const file = segmentsOf(options)[index]!;
  flip(file, index === 5 ? readFileSync(file, 'utf8').indexOf('a21') : 200);
  const before = readFileSync(file);
  const message = await salvageJournal(options.paths, options.now);
  expect(message).toContain(`the state goes on from ${from}`);
  const aside = readdirSync(options.paths.state).find((name) => name.startsWith(word))!;
  const kept = readdirSync(join(options.paths.state, aside));
  expect(kept).toHaveLength(1);
  expect(readFileSync(join(options.paths.state, aside, kept[0]!)).equals(before)).toBe(true);
  expect(await toldOf(options)).toEqual([]);
  // Without the projection the journal leads to the same state.
  const store = await openStore(options);
  const { state } = store;
  await store[Symbol.asyncDispose]();
  for (const name of [options.paths.projection, `${options.paths.projection}.bak`]) rmSync(name, { force: true });
  await using again = await openStore(options);
  expect({ ...again.state, seq: 0 }).toEqual({ ...state, seq: 0 });
});

test('[STO-2] of a journal that is sound nothing is set aside, and nothing is said to have been', async () => {
  using folder = temporaryFolder('salvage');
  const options = await killedStore(folder.path, 3);
  const before = readdirSync(options.paths.state).toSorted();
  expect(await salvageJournal(options.paths, options.now)).toBeUndefined();
  expect(readdirSync(options.paths.state).toSorted()).toEqual(before);
  expect(await toldOf(options)).toEqual([]);
  expect(await knownAlerts(options)).toBe(EVENTS);
});

test('[STO-2] where a segment is gone nothing is said to have been set aside, and the state goes on', async () => {
  using folder = temporaryFolder('salvage');
  const options = await killedStore(folder.path, 3);
  rmSync(segmentsOf(options)[1]!);
  const message = await salvageJournal(options.paths, options.now);
  expect(message).toBe(
    'a part of the journal is gone, and nothing of it was there to be set aside; the state goes on from event 22',
  );
  expect(readdirSync(options.paths.state).filter((name) => name.startsWith('damaged'))).toEqual([]);
  expect(await toldOf(options)).toEqual([]);
});

test('[STO-2] a projection of before a gap that is known of does not keep the journal from leading to the state', async () => {
  using folder = temporaryFolder('salvage');
  const options = await killedStore(folder.path, 16);
  const { projection } = options.paths;
  const old = readFileSync(projection);
  await using store = await openStore(options);
  await store[Symbol.asyncDispose]();
  rmSync(segmentsOf(options)[3]!);
  await salvageJournal(options.paths, options.now);
  writeFileSync(projection, old);
  rmSync(`${projection}.bak`, { force: true });
  expect(await toldOf(options)).toEqual([]);
  expect(await knownAlerts(options)).toBe(EVENTS);
});

test('[STO-2] of a damaged journal whose state is behind, what is lost is said, and stays an alert', async () => {
  using folder = temporaryFolder('salvage');
  const options = await killedStore(folder.path, 8);
  withoutSnapshots(options.paths);
  flip(segmentsOf(options)[4]!, 200);
  expect((await toldOf(options)).join()).toContain('is damaged at line 2');
  const message = await salvageJournal(options.paths, options.now);
  expect(message).toMatch(/goes on from event 16, and events 17 to 22 of the journal are lost$/u);
  await using store = await openStore(options);
  expect(store.state.alerts['journal-lost']?.text).toBe(message);
  expect(Object.keys(store.state.alerts).filter((id) => /^a\d/u.test(id))).toHaveLength(16);
});
