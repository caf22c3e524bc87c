import { readdir } from 'node:fs/promises';
import type { Paths } from '../../lib/paths.ts';
import type { PaneInfo } from '../../ports/index.ts';
import type { State } from '../../state/index.ts';
import { isAlive } from '../../state/moves.ts';
import { instanceBranch } from '../../state/names.ts';

/** A session with our mark and without a record. */
type OrphanSession = { readonly session: string; readonly mark: string; readonly attached: number };

/** What lies about of this repository's swarm and belongs to nothing that is known, and the other way round. */
export type Leftovers = {
  readonly sessions: readonly OrphanSession[];
  /** Instances that should run and have no session. */
  readonly lost: readonly string[];
  /** Names of folders among the worktrees that belong to no instance. */
  readonly folders: readonly string[];
  /** Branches that Drover made for instances that are not known. */
  readonly branches: readonly string[];
};

type Seen = {
  readonly key: string;
  readonly state: State;
  /** Panes that carry any mark of ours; null when nobody could be asked. */
  readonly panes: readonly PaneInfo[] | null;
  readonly folders: readonly string[];
  readonly branches: readonly string[];
  readonly integration: string;
};

/** Sessions of this very repository that no instance of it accounts for; those without a mark are never among them. */
const orphanSessions = (
  key: string,
  known: Readonly<Record<string, unknown>>,
  panes: readonly PaneInfo[],
): readonly OrphanSession[] =>
  panes
    .filter(({ droverId }) => droverId.startsWith(`${key}/`) && !Object.hasOwn(known, droverId.slice(key.length + 1)))
    .map(({ session, droverId, attached }) => ({ session, mark: droverId, attached }));

/** Compares what is there with what is known. */
export const leftoversOf = ({ key, state, panes, folders, branches, integration }: Seen): Leftovers => {
  const instances = Object.values(state.instances);
  const marks = new Set((panes ?? []).map(({ droverId }) => droverId));
  const used = new Set([integration, ...instances.map((one) => one.branch_name)]);
  const numbered = new Set(instances.map((one) => instanceBranch(one.instance_id)));
  return {
    sessions: orphanSessions(key, state.instances, panes ?? []),
    lost:
      panes === null
        ? []
        : instances
            .filter((one) => one.pane !== null && isAlive(one.state.kind) && !marks.has(`${key}/${one.instance_id}`))
            .map((one) => one.instance_id),
    folders: folders.filter(
      // Only instances have a number at the end; the others are a person's own.
      (name) => /-\d+$/u.test(name) && !name.startsWith('.') && !Object.hasOwn(state.instances, name),
    ),
    branches: branches.filter(
      (name) => /^drover\/[^/]+-\d+(?:-\d+)?$/u.test(name) && !used.has(name) && !numbered.has(name),
    ),
  };
};

/** Names of what lies among the worktrees of the swarm; none when there are no worktrees yet. */
export const worktreeFolders = async ({ worktrees }: Pick<Paths, 'worktrees'>): Promise<readonly string[]> =>
  (await readdir(worktrees, { withFileTypes: true }).catch(() => []))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
