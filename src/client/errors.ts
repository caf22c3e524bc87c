import { defineError } from '../lib/errors.ts';

export const notARepository = defineError('client/not-a-repository', 2, (p: { folder: string }) => ({
  message: `${p.folder} is not inside a git repository.`,
  hint: 'Go into one, or make one: git init && git commit --allow-empty -m "first".',
}));

export const bareRepository = defineError('client/bare-repository', 2, (p: { folder: string }) => ({
  message: `${p.folder} is a bare repository: there is no checkout to work from.`,
  hint: 'Clone it (git clone PATH work) and run Drover there.',
}));

export const folderGone = defineError('client/folder-gone', 2, (p: { folder: string }) => ({
  message: `The folder ${p.folder} does not exist.`,
  hint: 'Go to a folder that is there.',
}));

export const brokenLink = defineError('client/broken-link', 2, (p: { file: string; target: string }) => ({
  message: `${p.file} points to ${p.target}, which does not exist.`,
  hint: 'Mend it with "git worktree repair" in the main checkout, or "git submodule update --init".',
}));

export const noDaemon = defineError('client/no-daemon', 7, (p: { why: string }) => ({
  message: `The daemon of this repository could not be reached: ${p.why}.`,
  hint: 'Look at "drover daemon logs", and try "drover daemon start".',
}));

export const unsafeFolder = defineError('client/unsafe-folder', 1, (p: { folder: string }) => ({
  message: `${p.folder} belongs to somebody else, so no socket is put there.`,
  hint: 'Set XDG_RUNTIME_DIR to a folder of your own.',
}));
