import type { EventDraft, State } from '../../state/index.ts';
import { badWorktreeName } from '../errors.ts';
import { INTEGRATION } from './worktree-rows.ts';

/** Refuses a name that is no plain folder name, or that an instance could come to have. */
export const requireName = (name: string): void => {
  if (!/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u.test(name) || name.length > 100)
    throw badWorktreeName({ name, why: 'it becomes the name of a folder' });
  if (name === INTEGRATION) throw badWorktreeName({ name, why: 'that is where batches are put together' });
  if (/-\d+$/u.test(name)) throw badWorktreeName({ name, why: 'names with a number at the end are for instances' });
};

/** The fact that the worktree of an instance is elsewhere now; nothing where it is no instance's. */
export const placedFacts = ({ instances }: State, name: string, path: string): EventDraft[] => {
  const instance = Object.hasOwn(instances, name) ? instances[name] : undefined;
  if (!instance) return [];
  const data = { instance_id: name, branch_name: instance.branch_name, workspace_path: path };
  return [{ type: 'instance.placed', data }];
};
