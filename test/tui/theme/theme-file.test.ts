import { expect, test } from 'vitest';
import { badTheme, themeFrom } from '../../../src/tui/theme/theme-file.ts';
import { BY_BACKGROUND } from '../../../src/tui/theme/themes.ts';

test('a theme of one’s own starts from another one and says what differs', () => {
  const theme = themeFrom('mine', '{ "base": "light", "contrast": 7, "colors": { "red": "#aa0000" } }');
  expect(theme).toEqual({
    name: 'mine',
    contrast: 7,
    colors: { ...BY_BACKGROUND.light.colors, red: 0xaa0000 },
  });
  expect(themeFrom('empty', '{}')).toEqual({ ...BY_BACKGROUND.dark, name: 'empty' });
});

test.each([
  ['{', 'its file is not valid JSON, a closing } is missing in line 1'],
  ['{\n  "base": "dark"\n  "contrast": 7\n}', 'its file is not valid JSON, a comma is missing in line 3'],
  ['[]', 'it has to be a table, such as {"name": "value"}'],
  ['{ "colors": { "red": "rot" } }', 'colors.red: a colour is written #rrggbb'],
  ['{ "colors": { "reed": "#aa0000" } }', 'colors: there is no "reed" in it'],
  ['{ "base": "none" }', 'base: it has to be one of '],
  ['{ "contrast": 0 }', 'contrast: it has to be at least 1'],
  ['{ "contrast": "much" }', 'contrast: it has to be a number'],
])('a theme file that says %s is refused with one clear sentence', (text, issue) => {
  try {
    expect.fail(JSON.stringify(themeFrom('mine', text)));
  } catch (error) {
    if (!badTheme.matches(error)) throw error;
    expect(error.message).toContain(`the theme "mine" cannot be used: ${issue}`);
    expect(error.hint).toContain('config set tui.theme auto');
  }
});
