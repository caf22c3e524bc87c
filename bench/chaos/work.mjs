import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const IDENTITY = ['-c', 'user.name=chaos', '-c', 'user.email=chaos@localhost'];

const gitIn =
  (path) =>
  (...args) =>
    execFileSync('git', [...IDENTITY, ...args], { cwd: path, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

const hash = (text) => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** What lies in a worktree, by name, as texts that can be compared: the commit, and all that is not committed. */
const workOf = (path) => {
  const git = gitIn(path);
  const loose = git('ls-files', '--others', '--exclude-standard').split('\n').filter(Boolean);
  return {
    branch: git('symbolic-ref', '--quiet', 'HEAD').trim(),
    HEAD: git('rev-parse', 'HEAD').trim(),
    'what is staged': hash(git('diff', '--cached', '--binary')),
    'what is edited': hash(git('diff', '--binary')),
    'untracked files': loose.map((name) => `${name} ${hash(readFileSync(join(path, name)))}`).join(', '),
  };
};

/** How long somebody else may hold the index of a worktree, in milliseconds. */
const PATIENCE_MS = 10_000;

/** Does something with the index, once nobody else holds it. */
const whenFree = async (work) => {
  for (const deadline = performance.now() + PATIENCE_MS; ; await pause(100)) {
    try {
      return work();
    } catch (error) {
      if (!String(error.stderr).includes('index.lock') || performance.now() > deadline) throw error;
    }
  }
};

/**
 * Leaves work of every kind in the worktree of an agent that has no tasks: a commit, an edit, something staged and a file that
 * nobody has added. Gives what lies there then.
 */
export const leaveWork = async (path, step) => {
  const git = gitIn(path);
  // What is staged and edited of the steps before stays as it is.
  writeFileSync(join(path, `committed-${step}.txt`), `of step ${step}\n`);
  await whenFree(() => git('add', `committed-${step}.txt`));
  await whenFree(() => git('commit', '--quiet', '--message', `Step ${step}`, '--', `committed-${step}.txt`));
  writeFileSync(join(path, `staged-${step}.txt`), `of step ${step}\n`);
  await whenFree(() => git('add', `staged-${step}.txt`));
  appendFileSync(join(path, 'README.md'), `edited in step ${step}\n`);
  writeFileSync(join(path, `loose-${step}.txt`), `of step ${step}\n`);
  return { path, work: workOf(path) };
};

/** What of the work that was left is not there any more, in words. */
export const lostOf = ({ path, work }) => {
  if (!existsSync(path)) return [`the worktree ${path} is gone`];
  const now = workOf(path);
  return Object.keys(work).flatMap((name) =>
    now[name] === work[name] ? [] : [`${name} in ${path} was "${work[name]}" and is "${now[name]}"`],
  );
};
