import { expect, test } from 'vitest';
import { settleHome } from '../../src/files/own-home.ts';

test.each([
  [{ HOME: '/h' }, '/p', { HOME: '/h' }],
  [{ HOME: '' }, '/p', { HOME: '/p' }],
  [{}, '/p', { HOME: '/p' }],
  [{ HOME: '' }, undefined, {}],
  [{ HOME: '' }, '', {}],
])('of %j and the home %j becomes %j', (env: Record<string, string>, home, settled) => {
  settleHome(env, () => home);
  expect(env).toEqual(settled);
});
