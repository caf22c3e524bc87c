import type { AgentAdapter, FoundFile } from '../../agents/adapter.ts';
import type { LeftFile, Target } from '../../ports/target.ts';
import { readRealFile } from '../real-file.ts';
import type { DaemonServices } from '../services.ts';

/** No file that describes an agent is longer, in bytes. */
const LONGEST = 1024 * 1024;

/** The files of the person and the repository that a launch of this agent is derived from, in the order of its patterns. */
export const filesToDeriveFrom = async (
  { log }: Pick<DaemonServices, 'log'>,
  { env, files }: Pick<Target, 'env' | 'files'>,
  { adapter, worktree }: { readonly adapter: Pick<AgentAdapter, 'derivesFrom'>; readonly worktree: string },
): Promise<FoundFile[]> => {
  const read = async (path: string): Promise<LeftFile | null> => {
    if (path.startsWith(`${worktree}/`)) return readRealFile(files, { folder: worktree, path, limit: LONGEST });
    const text = await files.readText(path);
    return text === null ? null : { text };
  };
  const found: FoundFile[] = [];
  for (const pattern of adapter.derivesFrom?.({ worktree, env }) ?? [])
    for (const path of await files.matching(pattern)) {
      const left = await read(path);
      if (left && 'refused' in left) log(`${path} is passed over: ${left.refused}`);
      else if (left) found.push({ path, content: left.text });
    }
  return found;
};
