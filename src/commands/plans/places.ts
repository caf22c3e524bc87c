import type { Context } from '../define.ts';
import { badParameter, unreadable } from '../errors.ts';

/** The absolute path that a person means: relative ones start from where they said it. */
export const absolute = ({ cwd }: Pick<Context, 'cwd'>, path: string): string => {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
};

/** Lists of tasks that are no specs have these endings. */
const LIST = /\.(?:json|jsonl|ndjson|csv|tsv)$/iu;

/** A plan is a folder with tasks.md in it, or such a file. */
export const specPlace = (context: Pick<Context, 'cwd'>, path: string): { file: string; folder: string } => {
  const full = absolute(context, path);
  if (LIST.test(full))
    throw badParameter({
      command: 'import spec',
      key: 'id',
      issue: `${path} is no spec but a list: say "import task ${path}"`,
    });
  return full.endsWith('.md')
    ? { file: full, folder: full.replace(/\/[^/]*$/u, '') }
    : { file: `${full}/tasks.md`, folder: full };
};

/** The text of a file that has to be there. */
export const textAt = async (context: Pick<Context, 'readFile'>, path: string): Promise<string> => {
  const text = await context.readFile(path);
  if (text === null)
    throw unreadable({
      path,
      what: 'no such file, or not text',
    });
  return text;
};

/** What a spec says of its requirements, and where: in `bugfix.md` when it mends something. */
export const requirementsAt = async (
  { readFile }: Pick<Context, 'readFile'>,
  folder: string,
): Promise<{ file: string; text: string | undefined }> => {
  const file = `${folder}/requirements.md`;
  const text = await readFile(file);
  if (text !== null) return { file, text };
  const bugfix = await readFile(`${folder}/bugfix.md`);
  return bugfix === null ? { file, text: undefined } : { file: `${folder}/bugfix.md`, text: bugfix };
};
