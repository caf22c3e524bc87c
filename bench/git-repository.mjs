import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { holdOpen, inFolder, inPackage } from './sandbox.mjs';

/** Has each git die with whoever started it, as all do where a machine stops. */
const DYING_GIT = `#!/bin/sh
PATH=\${PATH#*:}
exec setpriv --pdeathsig KILL git "$@"
`;

/** Works in a repository without a daemon, with one commit of these files. */
export const inRepository = (files, work) =>
  inFolder(async (folder) => {
    const root = join(folder, 'repo');
    const env = { PATH: process.env.PATH, HOME: folder, LANG: 'C.UTF-8', TMPDIR: folder };
    mkdirSync(root);
    mkdirSync(join(folder, 'bin'));
    writeFileSync(join(folder, 'bin', 'git'), DYING_GIT, { mode: 0o755 });
    const call = (options, args) =>
      execFileSync('git', args, { cwd: root, env, encoding: 'utf8', stdio: 'pipe', ...options }).trim();
    const git = (...args) => call({}, args);
    const write = (path, text) => {
      mkdirSync(join(root, path, '..'), { recursive: true });
      writeFileSync(join(root, path), text);
    };
    git('init', '-q', '-b', 'main');
    git('config', 'user.name', 'Bench');
    git('config', 'user.email', 'bench@drover.invalid');
    for (const [path, text] of Object.entries(files)) write(path, text);
    git('add', '-A');
    git('commit', '-q', '-m', 'first');
    return work({ folder, root, env, git, write, feed: (input, ...args) => call({ input }, args) });
  });

/** Starts `git-program.mjs`; `isMortal`: no git that it starts outlives it. */
export const openProgram = ({ root, folder, env }, words, { isMortal = false } = {}) => {
  const path = isMortal ? `${join(folder, 'bin')}:${env.PATH}` : env.PATH;
  const child = spawn(process.execPath, [inPackage('bench/git-program.mjs'), root, ...words.map(String)], {
    env: { ...env, PATH: path },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = [];
  const begun = Promise.withResolvers();
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line.split(' '));
    begun.resolve();
  });
  const ended = once(child, 'close');
  const kill = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  const release = holdOpen({ close: kill });
  void ended.then(([code]) => {
    release();
    begun.reject(new Error(`${words[0]} ended with ${code} before it had begun`));
  });
  return { pid: child.pid, lines, begun: begun.promise, ended: ended.then(([code]) => code), kill };
};
