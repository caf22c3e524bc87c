import { adviceOf, codeOf } from '../../lib/errors.ts';
import { isReplaced } from '../../lib/own-place.ts';
import { leftAlertId } from '../../state/alerts.ts';
import type { EventDraft } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import type { DaemonServices } from '../services.ts';

/** Errors of git that say nothing about the worktree: it may be done in a moment, or when a person has unlocked it. */
const PASSING: readonly string[] = ['git/busy', 'git/locked', 'git/timed-out'];

/**
 * Goes on where the worktree of an instance is such that git cannot or may not do what is to be done there, for its agent can
 * make it such at any time: what cannot be kept stays where it is, and that is told.
 */
export const whatStays = async (services: DaemonServices, instance: Instance) => {
  const { workspace_path: path } = instance;
  const { git } = services.targetOf(instance);
  const told = (await isReplaced(git.place, path))
    ? [`its worktree had been replaced by a symbolic link, which was not followed: what that leads to is left alone`]
    : [];
  return {
    unless: async <T>(work: () => Promise<T>, what: string): Promise<T | null> => {
      try {
        return await work();
      } catch (error) {
        const code = codeOf(error);
        if (!code.startsWith('git/') || PASSING.includes(code)) throw error;
        told.push(`${what}: ${adviceOf(error)}`);
        return null;
      }
    },
    text: () => told.at(-1) ?? null,
  };
};

/** The alert about what stays behind; it stays when the instance itself is gone. */
export const leftFact = (id: string, unkept: string, isGone: boolean): EventDraft => ({
  type: 'alert.raised',
  data: {
    id: leftAlertId(id),
    severity: 'warning',
    text: `${id} is ${isGone ? 'removed' : 'stopped'}, but ${unkept}`,
    suggestion: 'list worktrees',
    instance: isGone ? null : id,
    task: null,
  },
});
