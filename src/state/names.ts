import { slug } from '../lib/text.ts';

const PART_LENGTH = 80;

/** One part between slashes, as git accepts it; may be empty. */
const partOf = (text: string): string =>
  [...text]
    .slice(0, PART_LENGTH)
    .join('')
    .replace(/^[.-]+/u, '')
    .replace(/(?:[.-]|\.lock)+$/u, '');

/** The name made acceptable to `git check-ref-format`; what must not be there becomes a hyphen. */
const validName = (name: string): string => {
  const parts = name
    .toWellFormed()
    .replace(/[\u0000-\u0020\u007F~^:?*[\\]+|@\{/gu, '-')
    .replace(/\.{2,}/gu, '.')
    .replace(/-{2,}/gu, '-')
    .split('/')
    .map(partOf)
    .filter((part) => part !== '');
  const joined = parts.join('/');
  return joined === '' || joined === '@' || joined === 'HEAD' ? 'task' : joined;
};

/** What no name of a branch may have in it, by `git check-ref-format --branch`. */
const IMPOSSIBLE = /^-|[\u0000-\u0020\u007F~^:?*[\\]|\.\.|@\{|(?:^|\/)(?:\.|\/|$)|\.lock(?:\/|$)|\.$|^(?:@|HEAD)$/u;

/** Whether git accepts the name for a branch. */
export const isBranchName = (name: string): boolean => !IMPOSSIBLE.test(name);

/** Name of a task's branch by a template such as `feature/{task}-{slug}`; always one that git accepts. */
export const taskBranch = (template: string, task: { task: string; title: string }): string =>
  validName(
    template.replace(/\{(?<key>task|slug)\}/gu, (_all, key: string) => (key === 'task' ? task.task : slug(task.title))),
  );

/** Name of a branch of an instance's own, or of a worktree's that a person made. */
export const instanceBranch = (id: string): string => validName(`drover/${id}`);

/** What is longer is named in every command that makes a session, of which tmux takes 16 KB, and fills its status line. */
const SESSION_PART = 48;

/**
 * Name of an instance's tmux session: what tmux would change in it is changed here, so that it is known before. A long name of a
 * repository is cut, with the short name behind it that tells it from others that begin the same.
 */
export const sessionName = (repository: { readonly name: string; readonly key: string }, instance: string): string => {
  const name = repository.name.replace(/[.:]/gu, '_').replace(/[^\p{L}\p{N}_-]+/gu, '-');
  const characters = [...name];
  const part =
    characters.length > SESSION_PART ? `${characters.slice(0, SESSION_PART).join('')}-${repository.key}` : name;
  return `${part}-${instance}`;
};

/** The folder in which a person goes on with a task by hand, among the worktrees of the swarm. */
export const byHandFolder = (task: string): string => `${task.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-')}-by-hand`;
