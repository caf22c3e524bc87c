import { AppError, codeOf, messageOf } from './errors.ts';

/** What the system refuses something for, and what helps, each as a part of a sentence. */
export type SystemFault = { readonly cause: string; readonly hint: string };

const WORDS: Readonly<Record<string, SystemFault>> = {
  ENOSPC: { cause: 'the disk is full', hint: 'Free some space' },
  EDQUOT: { cause: 'the disk quota is used up', hint: 'Free some space' },
  EFBIG: { cause: 'the file may not grow any further', hint: 'Raise the limit of file sizes (ulimit -f)' },
  EIO: { cause: 'the disk reports an error', hint: 'Look at the disk' },
  EROFS: { cause: 'the file system is read-only', hint: 'Make it writable' },
  EACCES: { cause: 'permission is denied', hint: 'Give yourself the right to write there' },
  EPERM: { cause: 'permission is denied', hint: 'Give yourself the right to write there' },
  EMFILE: { cause: 'too many files are open', hint: 'Raise the limit of open files (ulimit -n)' },
  ENOENT: { cause: 'the file or its folder is gone', hint: 'Find out who removed it' },
  ENOTDIR: { cause: 'something on the way there is no folder', hint: 'Name another place, or move it away' },
  EISDIR: { cause: 'a folder lies there', hint: 'Name another place, or move it away' },
  EEXIST: { cause: 'something else lies there', hint: 'Name another place, or move it away' },
  EBUSY: { cause: 'the system holds what lies there', hint: 'Name another place' },
  ELOOP: { cause: 'links lead in a circle there', hint: 'Name another place, or mend the links' },
  ENAMETOOLONG: { cause: 'the name is longer than the disk takes', hint: 'Choose a shorter one' },
  EAGAIN: { cause: 'the system takes no more processes', hint: 'End some, or raise their limit (ulimit -u)' },
  ENOMEM: { cause: 'there is no memory left', hint: 'End what takes it' },
  E2BIG: { cause: 'what it is started with is longer than the system takes', hint: 'Say less' },
  ENOEXEC: { cause: 'it is no program that this system runs', hint: 'Name another one' },
  EADDRINUSE: { cause: 'somebody listens there already', hint: 'Choose another one' },
  EADDRNOTAVAIL: { cause: 'this machine has no such address', hint: 'Name one of its own' },
};

/** An error of the system in words for a person; undefined for one that is none, or a rare one. */
export const systemFault = (error: unknown): SystemFault | undefined => WORDS[codeOf(error)];

/** Why something failed, as the end of a sentence; what the system seldom says is told by the name that it has for it. */
export const systemReason = (error: unknown): string => {
  if (error instanceof AppError) return error.message.replace(/\.$/u, '');
  return systemFault(error)?.cause ?? `the system refuses it (${codeOf(error) || messageOf(error)})`;
};
