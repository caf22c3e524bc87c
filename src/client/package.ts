import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * The absolute path of what is shipped with Drover. The sources and the chunks of the bundle both lie two folders below
 * the package, and this file with them: nothing deeper may ask for a path in the package by itself.
 */
export const inPackage = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

const description = (): { version: string; engines: { node: string } } =>
  JSON.parse(readFileSync(inPackage('package.json'), 'utf8'));

/** The version of Drover, as its package says. */
export const versionOf = (): string => description().version;

/** The range of Node's versions that Drover runs on, as its package says. */
export const enginesOf = (): string => description().engines.node;
