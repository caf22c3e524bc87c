import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Says something in the words of an agent's hook. */
export type Tell = (event: string, details?: Readonly<Record<string, unknown>>) => void;

const LIMIT = 2000;
const SAFE = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/u;

/**
 * Leaves messages in the spool just as `assets/hook.sh` does, without starting a shell for each. Without a spool in
 * the environment, or when it cannot be written, nothing is said and nothing fails.
 */
export const spoolTo = (
  env: Readonly<Record<string, string | undefined>>,
  common: Readonly<Record<string, unknown>>,
): Tell => {
  const { DROVER_SPOOL: folder, DROVER_INSTANCE: instance = '', DROVER_TOKEN: token = '' } = env;
  if (!folder || !SAFE.test(instance) || !(token === '' || SAFE.test(token))) return () => undefined;
  const header = JSON.stringify({ instance, source: 'hook', token });
  let count = 0;
  return (event, details = {}) => {
    count += 1;
    const name = `${process.pid}-${String(count).padStart(6, '0')}`;
    const draft = join(folder, `${name}.tmp`);
    try {
      if (readdirSync(folder).length >= LIMIT) return;
      const body = JSON.stringify({ hook_event_name: event, ...common, ...details });
      writeFileSync(draft, `${header}\n${body}\n`, { mode: 0o600 });
      renameSync(draft, join(folder, `${instance}-${name}.json`));
    } catch {
      rmSync(draft, { force: true });
    }
  };
};
