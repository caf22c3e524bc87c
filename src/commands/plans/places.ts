import type { State } from '../../state/index.ts';
import type { PlanFormatId } from '../../state/specs.ts';
import { planFormat, recognised } from '../../tasks/formats/index.ts';
import { planFile } from '../../tasks/formats/plan-file.ts';
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

/** A plan is a file, or a folder with a plan in it. */
export const specPlace = (context: Pick<Context, 'cwd'>, path: string): { file: string; folder: string } => {
  const file = planFile(absolute(context, path));
  return { file, folder: file.replace(/\/[^/]*$/u, '') };
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
