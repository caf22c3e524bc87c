import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { type Paths, pathsOf } from '../../../src/lib/paths.ts';
import type { Store } from '../../../src/ports/index.ts';
import type { AppEvent, EventDraft } from '../../../src/state/index.ts';
import type { StoreOptions } from '../../../src/state/store/open.ts';
import { timeOf } from '../story.ts';

/** Where the swarm of a repository in this folder would keep its files. */
const pathsIn = (folder: string): Paths =>
  pathsOf({
    root: folder,
    key: 'app',
    commonDir: `${folder}/.git`,
    home: folder,
    data: folder,
    worktrees: `${folder}/worktrees`,
    socket: `${folder}/socket`,
  });

/** Options of a store there, with a clock that counts seconds. */
export const optionsIn = (folder: string, changes: Partial<StoreOptions> = {}): StoreOptions => {
  const paths = pathsIn(folder);
  mkdirSync(paths.commonDir, { recursive: true });
  let seconds = 0;
  return {
    paths,
    now: () => {
      seconds += 1;
      return timeOf(seconds);
    },
    ...changes,
  };
};

export const BY_CLI = { actor: 'cli', corr: 'k1' } as const;

/** A fact that can be found again by its id. */
export const alert = (id: string, text = 'something happened'): EventDraft => ({
  type: 'alert.raised',
  data: { id, severity: 'info', text, suggestion: null, instance: null, task: null },
});

/** The first segment of a journal. */
export const firstSegment = ({ journal }: Paths): string => `${journal}/000000000001.jsonl`;

/** Removes the states that are kept beside the segments: what was before them has to be read then. */
export const withoutSnapshots = ({ journal }: Paths): void => {
  for (const name of readdirSync(journal)) if (name.endsWith('.snapshot.json')) rmSync(`${journal}/${name}`);
};

/** Puts a recorded journal into a folder where no store was yet. */
export const placeJournal = (paths: Paths, fixture: URL): void => {
  mkdirSync(paths.journal, { recursive: true });
  copyFileSync(fixture, firstSegment(paths));
};

export const readJson = (file: string): Record<string, unknown> => JSON.parse(readFileSync(file, 'utf8'));

/** The events that a store lists from a number on. */
export const listed = async (store: Store, from = 1): Promise<readonly AppEvent[]> => {
  const events: AppEvent[] = [];
  for await (const event of store.events(from)) events.push(event);
  return events;
};
