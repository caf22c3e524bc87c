import { expect, test } from 'vitest';
import { isPlainLocale, looksOf } from '../../../src/tui/theme/looks.ts';
import { AUTO } from '../../../src/tui/theme/themes.ts';

test('plain characters are used where the locale says so, or the settings', () => {
  expect([{}, { LANG: 'C.UTF-8' }, { LANG: 'C' }, { LC_ALL: 'POSIX', LANG: 'C.UTF-8' }].map(isPlainLocale)).toEqual([
    false,
    false,
    true,
    true,
  ]);
  const wishes = { theme: AUTO, reduced_motion: true } as const;
  expect(looksOf(wishes, { LANG: 'C' })).toEqual({ theme: AUTO, ascii: true, calm: true });
  expect(looksOf({ ...wishes, ascii: false }, { LANG: 'C' }).ascii).toBe(false);
});
