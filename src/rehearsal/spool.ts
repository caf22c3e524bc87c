import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Says something in the words of an agent's hook. */
export type Tell = (event: string, details?: Readonly<Record<string, unknown>>) => void;

/** As `assets/hook.sh` has it. */
const LIMIT = 200;
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
      const lying = readdirSync(folder).filter((one) => one.endsWith('.json'));
      // Nobody reads any more: the newest message, which tells most, takes the place of another.
      const last = lying.length >= LIMIT ? lying[0]! : `${instance}-${name}.json`;
      const body = JSON.stringify({ hook_event_name: event, ...common, ...details });
      writeFileSync(draft, `${header}\n${body}\n`, { mode: 0o600 });
      renameSync(draft, join(folder, last));
    } catch {
      rmSync(draft, { force: true });
    }
  };
};
