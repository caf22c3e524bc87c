import { expect, test } from 'vitest';
import { fixedPath } from '../../src/lib/search-path.ts';

test.each([
  ['.:/usr/bin', '/usr/bin'],
  ['/usr/bin:', '/usr/bin'],
  [':/a::node_modules/.bin:/b c', '/a:/b c'],
  ['', ''],
])('of the PATH %j the folders that are always the same are searched', (path, expected) => {
  expect(fixedPath(path)).toBe(expected);
});
