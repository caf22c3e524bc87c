import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Preferences } from '../../tui/app/options.ts';
import type { LastLook } from '../../tui/model/since.ts';
import { ARRANGEMENTS } from '../../tui/panes/arrangement.ts';

const preferencesSchema = z.object({
  arrangement: z.enum(ARRANGEMENTS),
  mouse: z.boolean(),
});
const lookSchema = z.object({ last_look: z.object({ at: z.string(), usd: z.number() }) });
/** How many repositories are remembered, the latest. */
const KEPT = 100;
const fileSchema = z.record(z.string(), z.unknown());

/** The file in which a person's views of all repositories are remembered; it is nobody else's business. */
export const viewFile = (env: Readonly<Record<string, string | undefined>>): string =>
  join(env['XDG_STATE_HOME'] || join(env['HOME'] || homedir(), '.local', 'state'), 'drover', 'view.json');

const readMemory = (file: string): Record<string, unknown> => {
  try {
    return fileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // A missing or damaged memory is only a convenience lost, and is written anew.
    return {};
  }
};

/** How the view of this repository was left; undefined where nobody remembers. */
export const recallView = (file: string, root: string): Preferences | undefined =>
  preferencesSchema.safeParse(readMemory(file)[root]).data;

/** When the person looked at this repository last, and what had been spent by then; undefined where nobody knows. */
export const recallLook = (file: string, root: string): LastLook | undefined =>
  lookSchema.safeParse(readMemory(file)[root]).data?.last_look;

const objectOf = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {});

/**
 * Remembers how the view of this repository is left, and when. A file that cannot be written is no reason to do anything
 * else.
 */
export const rememberView = (
  file: string,
  root: string,
  what: Partial<Preferences> & { readonly last_look?: LastLook },
): void => {
  const next = `${file}.${process.pid}`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const { [root]: before, ...others } = readMemory(file);
    const all = [...Object.entries(others), [root, { ...objectOf(before), ...what }]].slice(-KEPT);
    writeFileSync(next, `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`, { mode: 0o600 });
    renameSync(next, file);
  } catch {
    // A memory that cannot be written is said nowhere: the view itself is as the person wants it.
    rmSync(next, { force: true });
  }
};
