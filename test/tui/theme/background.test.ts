import { expect, test } from 'vitest';
import { backgroundIn, backgroundOf, onBackground, USUAL } from '../../../src/tui/theme/background.ts';
import { AUTO, BY_BACKGROUND, THEMES } from '../../../src/tui/theme/themes.ts';

test.each([
  ['\u001B]11;rgb:1e1e/2f2f/3a3a\u001B\\', 0x1e2f3a],
  ['\u001B]11;rgb:ff/80/00\u0007', 0xff8000],
  ['\u001B]11;rgba:f/0/8/f\u0007', 0xff0088],
  ['\u001B]10;rgb:ff/80/00\u0007', undefined],
  ['\u001B]11;?\u0007', undefined],
])('the background in %j is read as it is meant', (text, rgb) => {
  expect(backgroundIn(text)).toBe(rgb);
});

test.each([
  [{}, USUAL.dark],
  [{ COLORFGBG: '15;0' }, USUAL.dark],
  [{ COLORFGBG: '0;15' }, USUAL.light],
  [{ COLORFGBG: '0;default;7' }, USUAL.light],
  [{ COLORFGBG: 'nonsense' }, USUAL.dark],
])('%j stands for a background', (env, rgb) => {
  expect(backgroundOf(env)).toEqual({ rgb, sure: false });
});

test('auto goes by the background; who names a theme is believed unless the terminal itself says otherwise', () => {
  const unsure = (rgb: number) => ({ rgb, sure: false });
  expect(onBackground(AUTO, unsure(USUAL.light)).theme.name).toBe('light');
  expect(onBackground(AUTO, unsure(USUAL.dark)).theme.name).toBe('dark');
  expect(onBackground(BY_BACKGROUND.light, unsure(USUAL.dark)).background).toBe(USUAL.light);
  expect(onBackground(BY_BACKGROUND.dark, { rgb: 0xfdf6e3, sure: true }).background).toBe(0xfdf6e3);
  expect(onBackground(THEMES.get('high-contrast')!, unsure(USUAL.light)).background).toBe(USUAL.light);
});
