import { readdir, stat } from 'node:fs/promises';

/** When the newest segment of an instance's log grew last, in milliseconds since 1970; 0 when there is none. */
export const lastOutput = async (logs: string, instance: string): Promise<number> => {
  const names = (await readdir(`${logs}/${instance}`).catch(() => []))
    .filter((name) => name.endsWith('.log'))
    .toSorted();
  const newest = names.at(-1);
  return newest === undefined ? 0 : (await stat(`${logs}/${instance}/${newest}`).catch(() => ({ mtimeMs: 0 }))).mtimeMs;
};
