import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openLiveSettings } from '../../../src/cli/screen/live-settings.ts';
import { findLooks, openTheme } from '../../../src/cli/screen/tui-looks.ts';
import { AUTO, BY_BACKGROUND } from '../../../src/tui/theme/themes.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

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
  const live = await openLiveSettings({ config: file, configVersions: join(path, 'versions') }, env);
  onTestFinished(live.close);
  const opened = await openTheme(live, env);
  const heard: unknown[] = [];
  const stop = opened.onLooks(({ looks, trouble }) => heard.push([looks, trouble?.code ?? null]));
  const usual = { theme: AUTO, ascii: false, calm: false };
  expect(opened.looks).toEqual(usual);
  expect(heard).toEqual([[usual, 'tui/bad-theme']]);
  writeFileSync(file, '{ "tui": { "theme": "light", "ascii": true, "reduced_motion": true } }');
  await vi.waitUntil(() => heard.length === 2);
  expect(heard[1]).toEqual([{ theme: BY_BACKGROUND.light, ascii: true, calm: true }, null]);
  stop();
});

test('settings that cannot be read leave the usual looks', async () => {
  const path = home();
  const file = join(path, 'config.json');
  writeFileSync(file, '{');
  const live = await openLiveSettings({ config: file, configVersions: join(path, 'versions') }, { HOME: path });
  const opened = await openTheme(live, { HOME: path });
  expect(opened.looks.theme).toBe(AUTO);
  live.close();
});
