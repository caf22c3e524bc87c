import { expect, test } from 'vitest';
import { isWorktreesFolder, USUAL_WORKTREES_FOLDER, worktreesFolder } from '../../src/lib/worktrees-folder.ts';

const place = { root: '/home/ada/src/my app', key: 'a1b2c3d4', home: '/home/ada', data: '/home/ada/.local/share' };

test.each([
  [USUAL_WORKTREES_FOLDER, '/home/ada/.local/share/drover/worktrees/my-app-a1b2c3d4'],
  ['/scratch/{hash}/trees/', '/scratch/a1b2c3d4/trees'],
  ['~/trees/{repo}.{hash}', '/home/ada/trees/my-app.a1b2c3d4'],
  ['../{repo}-{hash}', '/home/ada/src/my-app-a1b2c3d4'],
  ['../../../../../{hash}', '/a1b2c3d4'],
  ['{data}/{hash}', '/home/ada/.local/share/a1b2c3d4'],
])('%s means %s', (template, folder) => {
  expect(worktreesFolder(template, place)).toBe(folder);
  expect(isWorktreesFolder(folder, place.key)).toBe(true);
});

test('what stands for something is put in as it is', () => {
  expect(worktreesFolder('{data}/{hash}', { ...place, data: '/a$&b{hash}' })).toBe('/a$&ba1b2c3d4/a1b2c3d4');
  expect(worktreesFolder('~/{hash}', { ...place, home: "/x$'" })).toBe("/x$'/a1b2c3d4");
});

test('a name that the file system would not take with others beside it is cut, between two characters', () => {
  const folder = (name: string): string =>
    worktreesFolder(USUAL_WORKTREES_FOLDER, { ...place, root: `/src/${name}` })
      .split('/')
      .at(-1)!;
  expect(folder('x'.repeat(200))).toBe(`${'x'.repeat(200)}-a1b2c3d4`);
  expect(folder('x'.repeat(255))).toBe(`${'x'.repeat(200)}-a1b2c3d4`);
  expect(folder('界'.repeat(85))).toBe(`${'界'.repeat(66)}-a1b2c3d4`);
});
