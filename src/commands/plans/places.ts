import type { Context } from '../define.ts';
import { unreadable } from '../errors.ts';

/** The absolute path that a person means: relative ones start from where they said it. */
export const absolute = ({ cwd }: Pick<Context, 'cwd'>, path: string): string => {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
};

/** A plan is a folder with tasks.md in it, or such a file. */
export const specPlace = (context: Pick<Context, 'cwd'>, path: string): { file: string; folder: string } => {
  const full = absolute(context, path);
  return full.endsWith('.md')
    ? { file: full, folder: full.replace(/\/[^/]*$/u, '') }
    : { file: `${full}/tasks.md`, folder: full };
};

/** The text of a file that has to be there. */
export const textAt = async (context: Pick<Context, 'readFile'>, path: string): Promise<string> => {
  const text = await context.readFile(path);
  if (text === null) throw unreadable({ path, what: 'no such file, or not text' });
  return text;
};
