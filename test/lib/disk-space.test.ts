import { expect, test } from 'vitest';
import { saysDiskFull } from '../../src/lib/disk-space.ts';

test.each([
  [Object.assign(new Error('write failed'), { code: 'ENOSPC' }), true],
  [Object.assign(new Error('write failed'), { code: 'EDQUOT' }), true],
  [new Error('it could not be made', { cause: Object.assign(new Error('x'), { code: 'ENOSPC' }) }), true],
  [new Error('fatal: cannot create a.txt: No space left on device'), true],
  [new Error('there is no space in the name', { cause: 'ENOSPC' }), false],
  [Object.assign(new Error('gone'), { code: 'ENOENT' }), false],
  ['ENOSPC', false],
])('%s says of a full disk: %s', (error, full) => {
  expect(saysDiskFull(error)).toBe(full);
});
