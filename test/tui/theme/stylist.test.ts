import { expect, test } from 'vitest';
import { makeStylist, shownTime } from '../../../src/tui/theme/stylist.ts';
import { AUTO } from '../../../src/tui/theme/themes.ts';

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
