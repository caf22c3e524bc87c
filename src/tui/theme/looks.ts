import type { AUTO, Theme } from './themes.ts';

/** How the person wants the screen drawn. */
export type Looks = {
  readonly theme: Theme | typeof AUTO;
  /** Plain characters instead of lines and signs, for terminals that have no others. */
  readonly ascii: boolean;
  /** Reduced motion: nothing blinks, panes change twice a second, ages every ten. */
  readonly calm: boolean;
};

type Wishes = {
  readonly theme: Looks['theme'];
  readonly ascii?: boolean | undefined;
  readonly reduced_motion: boolean;
};

/** Whether the locale is one in which only ASCII can be relied on. Where nothing is said, terminals are modern. */
export const isPlainLocale = (env: Readonly<Record<string, string | undefined>>): boolean => {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return locale !== '' && !/utf-?8/iu.test(locale);
};

/** The looks that settings and environment ask for. */
export const looksOf = (
  { theme, ascii, reduced_motion }: Wishes,
  env: Readonly<Record<string, string | undefined>>,
): Looks => ({ theme, ascii: ascii ?? isPlainLocale(env), calm: reduced_motion });
