import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openLiveSettings } from '../../../src/cli/screen/live-settings.ts';
import { findLooks, openTheme } from '../../../src/cli/screen/tui-looks.ts';
import { asciiGlyph } from '../../../src/tui/compositor/ascii.ts';
import { backgroundIn, backgroundOf, onBackground, USUAL } from '../../../src/tui/theme/background.ts';
import { isPlainLocale, looksOf } from '../../../src/tui/theme/looks.ts';
import { makeStylist, shownTime } from '../../../src/tui/theme/stylist.ts';
import { badTheme, themeFrom } from '../../../src/tui/theme/theme-file.ts';
import { AUTO, BY_BACKGROUND, THEMES } from '../../../src/tui/theme/themes.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

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
  ['{', 'its file is not valid JSON'],
  ['[]', 'expected object'],
  ['{ "colors": { "red": "rot" } }', 'colors.red: a colour is written #rrggbb'],
  ['{ "colors": { "reed": "#aa0000" } }', 'colors: Unrecognized key: "reed"'],
  ['{ "base": "none" }', 'base: Invalid option'],
  ['{ "contrast": 0 }', 'contrast: Too small'],
])('a theme file that says %s is refused with one clear sentence', (text, issue) => {
  try {
    expect.fail(JSON.stringify(themeFrom('mine', text)));
  } catch (error) {
    if (!badTheme.matches(error)) throw error;
    expect(error.message).toContain('the theme "mine" cannot be used: ');
    expect(error.message).toContain(issue);
    expect(error.hint).toContain('config set tui.theme auto');
  }
});

const home = () => {
  const folder = temporaryFolder('looks');
  onTestFinished(() => folder[Symbol.dispose]());
  mkdirSync(join(folder.path, '.config/drover/themes'), { recursive: true });
  return folder.path;
};

test('a theme is found among the built-in ones or in the user’s folder; what cannot be used gives way to the usual one', async () => {
  const path = home();
  const env = { HOME: path };
  const find = async (theme: string) => {
    const { looks, trouble } = await findLooks({ theme, reduced_motion: false }, env);
    return [looks.theme === AUTO ? AUTO : looks.theme.name, trouble?.message ?? null];
  };
  writeFileSync(join(path, '.config/drover/themes/mine.json'), '{ "base": "high-contrast" }');
  writeFileSync(join(path, '.config/drover/themes/broken.json'), '{ "colors": 3 }');
  expect(await find('auto')).toEqual([AUTO, null]);
  expect(await find('color-blind')).toEqual(['color-blind', null]);
  expect(await find('mine')).toEqual(['mine', null]);
  expect(await find('broken')).toEqual([AUTO, expect.stringContaining('the theme "broken" cannot be used: colors:')]);
  expect(await find('lihgt')).toEqual([AUTO, expect.stringContaining('did you mean light?')]);
  expect(await find('../../secret')).toEqual([AUTO, expect.stringContaining('no theme has this name; there is auto')]);
});

test('the looks follow the settings while the view is open', async () => {
  const path = home();
  const file = join(path, '.drover/config.json');
  mkdirSync(join(path, '.drover'));
  writeFileSync(file, '{ "tui": { "theme": "nothing" } }');
  const env = { HOME: path, LANG: 'C.UTF-8' };
  const live = await openLiveSettings(file, env);
  onTestFinished(live.close);
  const opened = await openTheme(live, env);
  const heard: unknown[] = [];
  const stop = opened.onLooks(({ looks, trouble }) => heard.push([looks, trouble?.code ?? null]));
  const usual = { theme: AUTO, ascii: false, calm: false };
  expect(opened.looks).toEqual(usual);
  expect(heard).toEqual([[usual, 'tui/bad-theme']]);
  writeFileSync(file, '{ "tui": { "theme": "light", "ascii": true, "reduced_motion": true } }');
  await vi.waitUntil(() => heard.length === 2, { timeout: 10_000 });
  expect(heard[1]).toEqual([{ theme: BY_BACKGROUND.light, ascii: true, calm: true }, null]);
  stop();
});

test('settings that cannot be read leave the usual looks', async () => {
  const path = home();
  const file = join(path, 'config.json');
  writeFileSync(file, '{');
  const live = await openLiveSettings(file, { HOME: path });
  const opened = await openTheme(live, { HOME: path });
  expect(opened.looks.theme).toBe(AUTO);
  live.close();
});

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

test('every character has a plain one that says nearly the same', () => {
  const text = [...'─━│┃╭┓┼═║▰▱●○✖✔▶❯…→⎇éß⠋⠀█▁世👍'].map(asciiGlyph).join('');
  expect(text).toBe('--||+++=|#.*ox+>>.>@es* #_??'.replace('=|', '-|'));
  expect(asciiGlyph('e\u0301')).toBe('e');
});

test('a terminal that names its background changes the style once, and nobody waits for it any longer', async () => {
  const styles: unknown[] = [];
  const looks = { theme: AUTO, ascii: false, calm: false } as const;
  const stylist = makeStylist(looks, { env: {}, level: 3, onStyle: (style) => styles.push(style) });
  expect(stylist.backgroundQuestion()).toBe('\u001B]11;?\u001B\\');
  stylist.setBackground(0xffffff);
  await stylist.whenSettled();
  stylist.backgroundQuestion();
  stylist.setBackground(0xffffff);
  expect(styles).toHaveLength(1);
  expect(stylist.style).toBe(styles[0]);
  stylist.choose({ ...looks, calm: true });
  expect(stylist.style.calm).toBe(true);
  const without = makeStylist(looks, { env: {}, level: 0, onStyle: () => undefined });
  expect(without.backgroundQuestion()).toBe('');
  await without.whenSettled();
});

test('with reduced motion the time goes on in steps of ten seconds', () => {
  const now = () => 123_456;
  const at = (calm: boolean) => shownTime(now, { looks: { theme: AUTO, ascii: false, calm } })();
  expect([at(false), at(true)]).toEqual([123_000, 120_000]);
});
