import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recallLook, recallView, rememberView, viewFile } from '../../../src/cli/screen/view-memory.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

const LIST = { arrangement: 'list', mouse: false } as const;
const TILES = { arrangement: 'tiles', mouse: true } as const;

test('how a view was left is remembered for each repository, in the person’s own state folder', () => {
  using folder = temporaryFolder('view');
  const file = viewFile({ XDG_STATE_HOME: join(folder.path, 'state'), HOME: '/nobody' });
  expect(file).toBe(join(folder.path, 'state/drover/view.json'));
  expect(viewFile({ HOME: '/home/ada' })).toBe('/home/ada/.local/state/drover/view.json');
  expect(viewFile({})).toMatch(/\.local\/state\/drover\/view\.json$/u);
  expect(recallView(file, '/a')).toBeUndefined();
  rememberView(file, '/a', LIST);
  rememberView(file, '/b', TILES);
  expect([recallView(file, '/a'), recallView(file, '/b'), recallView(file, '/c')]).toEqual([LIST, TILES, undefined]);
  for (let i = 0; i < 120; i += 1) rememberView(file, `/many/${i}`, TILES);
  expect(Object.keys(JSON.parse(readFileSync(file, 'utf8')) as object)).toHaveLength(100);
});

test('a memory that is damaged, strange or cannot be written changes nothing but itself', () => {
  using folder = temporaryFolder('view');
  const file = join(folder.path, 'view.json');
  writeFileSync(file, '{ torn');
  expect(recallView(file, '/a')).toBeUndefined();
  writeFileSync(file, JSON.stringify({ '/a': { arrangement: 'round', mouse: 1 }, '/b': TILES }));
  expect([recallView(file, '/a'), recallView(file, '/b')]).toEqual([undefined, TILES]);
  mkdirSync(join(folder.path, 'busy/view.json'), { recursive: true });
  rememberView(join(folder.path, 'busy/view.json'), '/a', LIST);
  expect(recallView(join(folder.path, 'busy/view.json'), '/a')).toBeUndefined();
});

test('when the person looked last is remembered beside how the view was left, and neither takes the other away', () => {
  using folder = temporaryFolder('view');
  const file = join(folder.path, 'view.json');
  const last_look = { at: '2026-01-01T00:00:00.000Z', usd: 1.5 };
  expect(recallLook(file, '/a')).toBeUndefined();
  rememberView(file, '/a', { last_look });
  expect([recallLook(file, '/a'), recallView(file, '/a')]).toEqual([last_look, undefined]);
  rememberView(file, '/a', LIST);
  expect([recallLook(file, '/a'), recallView(file, '/a')]).toEqual([last_look, LIST]);
});
