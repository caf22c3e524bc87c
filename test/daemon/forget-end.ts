import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Swarm } from '../helpers/swarm.ts';

/**
 * Takes the end of a request, or its first fact of a type, out of the journal, and what came after it: its daemon was killed
 * before it was written.
 */
export const forgetEnd = ({ paths }: Pick<Swarm, 'paths'>, id: string, type = 'command.finished'): void => {
  const [name] = readdirSync(paths.journal).filter((one) => one.endsWith('.jsonl'));
  const file = join(paths.journal, name!);
  const lines = readFileSync(file, 'utf8').split('\n');
  const end = lines.findIndex((line) => line.includes(`"corr":"c-${id}"`) && line.includes(`"${type}"`));
  writeFileSync(file, `${lines.slice(0, end).join('\n')}\n`);
  for (const one of [paths.projection, `${paths.projection}.bak`, `${paths.journal}.mark`])
    rmSync(one, { force: true });
};
