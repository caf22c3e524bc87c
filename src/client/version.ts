import { readFileSync } from 'node:fs';

/** The version of Drover, as its package says. */
export const versionOf = (): string =>
  (JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }).version;
