import { cpSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { displacedError, findDisplaced, notePlace } from '../../../src/state/store/place.ts';
import { emptyState } from '../../../src/state/index.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { begin, instance } from '../../tasks/journal.ts';

/** The places of a repository by its name, which is made where it is not there. */
const repositories = () => {
  const folder = temporaryFolder('place');
  onTestFinished(() => folder[Symbol.dispose]());
  const placeOf = (root: string) => ({ root, commonDir: `${root}/.git` });
  const made = (name: string) => {
    const root = join(folder.path, name);
    mkdirSync(join(root, '.git/drover'), { recursive: true });
    return placeOf(root);
  };
  return { placeOf, made, path: folder.path };
};

test('a repository is in its place where nobody has noted one, where it was noted, and where the note cannot be read', async () => {
  const { made } = repositories();
  const place = made('r');
  expect(await findDisplaced(place)).toBeUndefined();
  await notePlace(place);
  expect(await findDisplaced(place)).toBeUndefined();
  for (const text of ['', '{"root":', '{"root":1}', 'null']) {
    writeFileSync(`${place.commonDir}/drover/place.json`, text);
    expect(await findDisplaced(place)).toBeUndefined();
  }
});

test('a moved one, a copy, and another path to the same one are told apart', async () => {
  const { made, placeOf, path } = repositories();
  const place = made('old');
  const [copy, moved] = [placeOf(join(path, 'copy')), placeOf(join(path, 'new'))];
  await notePlace(place);
  cpSync(place.root, copy.root, { recursive: true });
  expect(await findDisplaced(copy)).toMatchObject({ kind: 'copied', from: place.root, to: copy.root });
  expect(await findDisplaced(placeOf(`${path}/./old`))).toMatchObject({ kind: 'named-anew', from: place.root });
  renameSync(place.root, moved.root);
  expect(await findDisplaced(moved)).toEqual({
    ...{ kind: 'moved', from: place.root, to: moved.root },
    known: place.commonDir,
  });
  // Another repository may be there by now, with agents of its own.
  await notePlace(made('old'));
  expect(await findDisplaced(moved)).toMatchObject({ kind: 'moved' });
});

test('a copy that began a life of its own is at home, and is no copy to one of the same origin', async () => {
  const { made, placeOf, path } = repositories();
  const place = made('old');
  const [copy, moved] = [placeOf(join(path, 'copy')), placeOf(join(path, 'new'))];
  await notePlace(place);
  cpSync(place.root, copy.root, { recursive: true });
  await notePlace(copy, true);
  expect(await findDisplaced(copy)).toBeUndefined();
  renameSync(place.root, moved.root);
  renameSync(copy.root, place.root);
  await notePlace(place, true);
  expect(await findDisplaced(moved)).toMatchObject({ kind: 'moved' });
});

test('a git directory that was moved alone is named itself', async () => {
  const { made, path } = repositories();
  const { commonDir } = made('store');
  const root = join(path, 'work');
  await notePlace({ root, commonDir });
  renameSync(join(path, 'store'), join(path, 'elsewhere'));
  const to = join(path, 'elsewhere/.git');
  expect(await findDisplaced({ root, commonDir: to })).toMatchObject({
    ...{ kind: 'moved', from: commonDir, to },
    known: commonDir,
  });
});

/** A repository on a disk that is away, and a copy of it. */
const copyOfAway = async () => {
  const { made, placeOf, path } = repositories();
  const place = made('disk/old');
  await notePlace(place);
  const copy = placeOf(join(path, 'copy'));
  cpSync(place.root, copy.root, { recursive: true });
  const disk = join(path, 'disk');
  return { place, copy, disk, away: () => renameSync(disk, join(path, 'away')) };
};

test('a copy of a repository that cannot be reached is not taken for one that was moved, and it is said what helps', async () => {
  const { place, copy, disk, away } = await copyOfAway();
  away();
  const displaced = await findDisplaced(copy);
  expect(displaced).toMatchObject({ kind: 'unclear', from: place.root, to: copy.root });
  const ended = begin(...instance('c-1', 'stopped'));
  expect(await displacedError(displaced!, ended, 'state')).toMatchObject({
    code: 'store/unreached',
    message: `nobody can tell whether this repository in ${copy.root} was moved or is a copy, because ${place.root}, where it was, cannot be reached`,
    hint: expect.stringContaining(`mkdir -p ${disk}`),
  });
  // There is nothing to be taken from it.
  expect(await displacedError(displaced!, emptyState, 'state')).toBeNull();
  mkdirSync(disk);
  expect(await findDisplaced(copy)).toMatchObject({ kind: 'moved' });
});

test('nor is one of which the system does not say whether it is there', async () => {
  const { copy, disk, away } = await copyOfAway();
  away();
  // Whoever looks there is refused, as where a disk does not answer.
  symlinkSync(disk, disk);
  const displaced = await findDisplaced(copy);
  expect(displaced).toMatchObject({ kind: 'unclear' });
  const error = await displacedError(displaced!, begin(...instance('c-1', 'stopped')), 'state');
  expect(error).toMatchObject({ code: 'store/unreached', hint: expect.not.stringContaining('mkdir') });
});

test('one that was moved with the folder above it is the same by its git directory, where a daemon has noted that', async () => {
  const { made, placeOf, path } = repositories();
  const place = made('work/old');
  await notePlace(place);
  renameSync(join(path, 'work'), join(path, 'projects'));
  const moved = placeOf(join(path, 'projects/old'));
  expect(await findDisplaced(moved)).toMatchObject({ kind: 'moved', from: place.root, to: moved.root });
  const note = `${moved.commonDir}/drover/place.json`;
  const { inode: _, ...before } = JSON.parse(readFileSync(note, 'utf8')) as { inode: number };
  writeFileSync(note, JSON.stringify(before));
  expect(await findDisplaced(moved)).toMatchObject({ kind: 'unclear' });
});
