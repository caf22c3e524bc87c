import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const hash = (text) => createHash('sha256').update(text).digest('hex').slice(0, 16);

/** Gives the user of a sandbox something that could be touched: an edit, a staged file, a stash, configuration of git and tmux. */
export const furnish = ({ root, env, folder }) => {
  const git = (...args) => execFileSync('git', args, { cwd: root, env, stdio: ['ignore', 'ignore', 'pipe'] });
  const write = (path, text) => writeFileSync(path, text);
  write(join(root, 'README.md'), 'stashed\n');
  git('stash', 'push', '-q');
  write(join(root, 'README.md'), 'edited\n');
  write(join(root, 'staged.txt'), 'staged\n');
  git('add', 'staged.txt');
  write(join(root, 'loose.txt'), 'nobody knows it\n');
  write(join(folder, '.gitconfig'), '[alias]\n\tst = status\n');
  write(join(folder, '.tmux.conf'), 'set -g history-limit 5000\n');
};

/** What is the user's, by name, as short texts that can be compared. */
export const userOf = ({ root, env, folder }) => {
  const git = (...args) => execFileSync('git', args, { cwd: root, env, encoding: 'utf8' });
  const refs = git('for-each-ref', '--format=%(refname) %(objectname)');
  const own = refs.split('\n').filter((line) => line !== '' && !/^refs\/(?:heads\/drover|drover)\//u.test(line));
  const files = readdirSync(root).filter((name) => name !== '.git');
  return {
    branch: git('symbolic-ref', 'HEAD'),
    index: git('ls-files', '--stage'),
    refs: own.join('\n'),
    stash: git('stash', 'list', '--format=%H'),
    'configuration of git': hash(readFileSync(join(root, '.git', 'config'))),
    'own .gitconfig': hash(readFileSync(join(folder, '.gitconfig'))),
    'own .tmux.conf': hash(readFileSync(join(folder, '.tmux.conf'))),
    checkout: git('status', '--porcelain', '--untracked-files=all'),
    files: files.join('\n'),
    'README.md': hash(readFileSync(join(root, 'README.md'))),
  };
};
