import type { State } from '../../state/index.ts';
import type { PlanFormatId } from '../../state/specs.ts';
import { planFormat, recognised } from '../../tasks/formats/index.ts';
import type { PlanFormat } from '../../tasks/formats/plan-format.ts';
import type { Context } from '../define.ts';
import { saidId } from '../../protocol/say.ts';
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

/** Plans whose folder holds other files beside them; in all others the plan is `tasks.md`. */
const FILES_IN: Readonly<Record<string, string>> = {
  '.taskmaster': 'tasks/tasks.json',
  '.beads': 'issues.jsonl',
};

/** A plan is a file, or a folder with a plan in it. */
export const specPlace = (context: Pick<Context, 'cwd'>, path: string): { file: string; folder: string } => {
  const full = absolute(context, path);
  const last = full.split('/').at(-1)!;
  const own = Object.hasOwn(FILES_IN, last) ? FILES_IN[last]! : 'tasks.md';
  const file = /\.(?:md|markdown|json|jsonl|ndjson|csv|tsv)$/iu.test(full) ? full : `${full}/${own}`;
  return { file, folder: file.replace(/\/[^/]*$/u, '') };
};

/** What a plan is called: as its folder, or as its file where that has a name of its own. */
export const planName = (file: string): string => {
  const parts = file.split('/');
  const stem = parts.at(-1)!.replace(/\.[^.]*$/u, '');
  const tool = parts.findLast((part) => Object.hasOwn(FILES_IN, part));
  if (tool !== undefined && !file.endsWith('.md')) return tool.slice(1);
  return (stem === 'tasks' ? parts.at(-2) : stem) || 'spec';
};

/** The plan that was imported from a file, if one was. */
export const planFrom = ({ specs }: State, file: string) => Object.values(specs).find(({ source }) => source === file);

/** How a text is written: as is said, else as it looks. What is no plan at all is a Kiro spec without tasks. */
export const formatOf = (file: string, text: string, wanted: PlanFormatId | undefined): PlanFormat => {
  const format = wanted === undefined ? recognised(file, text) : planFormat(wanted);
  if (format) return format;
  if (/\.(?:json|jsonl|ndjson|csv|tsv)$/iu.test(file))
    throw badParameter({
      command: 'import spec',
      key: 'id',
      issue: `${file.split('/').at(-1)} is no plan but a list; to take what it lists: import task ${saidId(file)}`,
    });
  return planFormat('kiro');
};

/** The text of a file that has to be there. */
export const textAt = async (context: Pick<Context, 'readFile' | 'obstacle'>, path: string): Promise<string> => {
  const text = await context.readFile(path);
  if (text === null) throw unreadable({ path, what: await context.obstacle(path) });
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
