import { type AppError, defineError, messageOf } from '../lib/errors.ts';
import { oneLine, visible } from '../lib/text.ts';

export const notARepository = defineError('client/not-a-repository', 2, (p: { folder: string }) => ({
  message: `${p.folder} is not inside a git repository.`,
  hint: 'Go into one, or make one: git init && git commit --allow-empty -m "first".',
}));

export const bareRepository = defineError('client/bare-repository', 2, (p: { folder: string }) => ({
  message: `${p.folder} is a bare repository: there is no checkout to work from.`,
  hint: 'Clone it (git clone PATH work) and run Drover there.',
}));

export const insideGit = defineError('client/inside-git', 2, (p: { folder: string; checkout: string }) => ({
  message: `${p.folder} is the git directory of a repository: there is no checkout in it to work from.`,
  hint: `Go to ${p.checkout}.`,
}));

export const oddFolder = defineError('client/odd-folder', 2, (p: { folder: string }) => ({
  message: `The path "${visible(p.folder)}" has a line feed or another control character in it, and Drover works in no such repository.`,
  hint: 'Give the folder another name.',
}));

export const unnamedFolder = defineError('client/unreadable-path', 2, (p: { folder: string }) => ({
  message: `The path "${visible(p.folder)}" is not written in UTF-8 where "\uFFFD" stands, and Drover works in no such repository.`,
  hint: 'Give the folder another name.',
}));

export const longFolder = defineError(
  'client/long-folder',
  2,
  (p: { folder: string; bytes: number; most: number }) => ({
    message: `The path "${visible(p.folder)}" has ${p.bytes} bytes, and Drover works in no repository whose path has more than ${p.most}.`,
    hint: 'Move the repository to a shorter path.',
  }),
);

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

export const deafDaemon = defineError('client/deaf', 7, (p: { pid: number }) => ({
  message: `The daemon of this repository (process ${p.pid}) has the state and cannot be reached: it is ending, or has only just started.`,
  hint: 'Wait a moment and say it again; "drover daemon stop" ends it if it does not end by itself. The agents go on meanwhile.',
}));

export const shutIn = defineError('client/shut-in', 7, () => ({
  message: 'This program is in the sandbox of an agent, where the daemon is not reached and none can be started.',
  hint: 'Say it outside: in a terminal of yours, or in the window "shell" of the session.',
}));

export const tooLong = defineError('client/too-long', 2, (p: { length: number; most: number }) => ({
  message: `What was said is too long for the daemon: it has ${p.length} characters, and at most ${p.most} are taken.`,
  hint: 'Say less at once; a long list of tasks is read from a file: import task FILE.',
}));

export const lostAnswer = defineError('client/lost-answer', 7, (p: { why: string }) => ({
  message: `The daemon of this repository ended before it answered, and the answer could not be had from another: ${p.why}. Whether the command was carried out is not known`,
  hint: 'Look before you say it again; "drover daemon logs" tells why the daemon ended.',
}));

/** The error for a request that was sent to a daemon before, where no answer could be had for this reason. */
export const answerLostBy = (error: unknown): AppError =>
  lostAnswer({ why: oneLine(messageOf(error)).replace(/\.$/u, '') }, error);

export const dismissed = defineError('client/dismissed', 7, () => ({
  message:
    'The daemon of this repository was told to end before it answered, and nobody started another: whether the command was carried out is not known',
  hint: 'Look before you say it again; the next command starts a daemon.',
}));

export const endsAgain = defineError(
  'client/ends-again',
  7,
  (p: { times: number; at: string; why: string; until: string }) => ({
    message: `The daemon of this repository ended by itself ${p.times} times in a row soon after its start, last at ${p.at}: ${p.why}; it is started again from ${p.until} on`,
    hint: 'Look at "drover daemon logs"; "drover daemon start" tries at once. The agents go on meanwhile.',
  }),
);

export const silentDaemon = defineError(
  'client/silent',
  124,
  (p: { pid: number | undefined; seconds: number; ends?: string }) => ({
    message: `The daemon of this repository (process ${p.pid ?? 'unknown'}) has not answered for ${p.seconds} s.`,
    hint:
      p.pid === undefined
        ? 'Let "drover doctor" say what is wrong.'
        : `If it was stopped, "kill -CONT ${p.pid}" lets it go on; else "${p.ends ?? 'drover daemon stop'}" ends it, and the next command starts another. The agents go on meanwhile.`,
  }),
);

export const notADaemon = defineError('client/not-a-daemon', 7, () => ({
  message: 'Something that is not a daemon answers at the socket of this repository.',
  hint: 'Let "drover doctor" say what it is, and end it.',
}));

export const daemonRefused = defineError('client/refused', 6, (p: { why: string }) => ({
  message: `The daemon of this repository does not understand this version of Drover: ${p.why}.`,
  hint: 'Let "drover doctor" say how to replace it; the agents go on meanwhile.',
}));

export const otherVersion = defineError('client/other-version', 6, (p: { theirs: unknown; ours: number }) => ({
  message: `The daemon of this repository is of another version: its state has the format ${p.theirs ?? 'of an old one'}, this one reads ${p.ours}.`,
  hint: 'Replace it: drover daemon restart. The agents go on meanwhile.',
}));

export const linkedFolder = defineError('client/linked-folder', 1, (p: { folder: string }) => ({
  message: `${p.folder} is a link and no folder, so nothing is written where it leads.`,
  hint: 'Remove the link, then say this again: a folder is made in its place. What lies where it leads stays.',
}));

export const unsafeFolder = defineError('client/unsafe-folder', 1, (p: { folder: string }) => ({
  message: `${p.folder} belongs to somebody else, so no socket is put there.`,
  hint: 'Set XDG_RUNTIME_DIR to a folder of your own.',
}));
