import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFailed } from 'vitest';

/** So many of the last events are shown. */
const SHOWN = 25;

const lastEvents = (journal: string): string[] => {
  try {
    return readdirSync(journal)
      .toSorted()
      .flatMap((name) => readFileSync(join(journal, name), 'utf8').split('\n'))
      .filter((line) => line !== '')
      .slice(-SHOWN);
  } catch {
    return ['(there is no journal)'];
  }
};

/**
 * Has a test that fails show what its swarm went through: a wait that was too long says nothing of what happened instead.
 * What it returns must be called while the swarm's files are still there.
 */
export const evidenceOf = (swarm: { readonly paths: { readonly journal: string }; readonly log: string[] }) => {
  let seen: string[] = [];
  // A swarm that several tests share is opened outside of all of them.
  try {
    onTestFailed(({ task }) => {
      for (const error of task.result?.errors ?? [])
        error.message += `\n${[...seen, ...swarm.log.slice(-SHOWN)].map((line) => line.slice(0, 240)).join('\n')}`;
    });
  } catch {}
  return {
    collect: (): void => {
      seen = lastEvents(swarm.paths.journal);
    },
  };
};
