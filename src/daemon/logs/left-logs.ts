import type { Target } from '../../ports/target.ts';
import { type DaemonServices, logFolderOf } from '../services.ts';

/** So much of the logs of instances that are no more is kept, in bytes: the latest, of some dozen agents as a rule. */
const MOST_BYTES = 64 * 1024 * 1024;

/** A log has a few segments and photographs; more than so many files are not counted. */
const MOST_FILES = 1000;

type LeftLog = { readonly id: string; readonly bytes: number; readonly changedNs: bigint };

/** The logs of instances that are no more, those that were written last first. */
const leftLogs = async ({ files, paths }: Target, known: ReadonlySet<string>) => {
  const gone = ((await files.folders(paths.logs)) ?? []).filter((id) => !known.has(id));
  const found = await Promise.all(
    gone.map(async (id): Promise<LeftLog> => {
      const entries = (await files.left(logFolderOf(paths, id), /./u, MOST_FILES)) ?? [];
      const bytes = entries.reduce((sum, { size }) => sum + size, 0);
      return { id, bytes, changedNs: entries.reduce((last, one) => (one.changedNs > last ? one.changedNs : last), 0n) };
    }),
  );
  return found.toSorted((a, b) => (a.changedNs > b.changedNs ? -1 : 1));
};

/**
 * Lets go of the oldest logs of instances that are no more where all of them take too much of a machine's disk: no id is used
 * twice, so that they would become ever more.
 */
export const dropLeftLogs = async (services: DaemonServices, most = MOST_BYTES): Promise<void> => {
  const { signal, store, targets } = services;
  // Machines may share the folder.
  const known = new Set(Object.keys(store.state.instances));
  for (const target of targets) {
    let bytes = 0;
    for (const one of await leftLogs(target, known)) {
      bytes += one.bytes;
      if (signal.aborted) return;
      if (bytes > most) await target.files.remove(logFolderOf(target.paths, one.id));
    }
  }
};
