import { fileURLToPath } from 'node:url';

const PERFORMER = fileURLToPath(new URL('performer.ts', import.meta.url));

/** The settings of an agent whose part the performer plays. */
export const performed = (part: string) => ({ command: [process.execPath, PERFORMER, part] });
