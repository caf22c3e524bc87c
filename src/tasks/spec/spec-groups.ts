import { ancestors } from './number.ts';
import type { Role } from './spec-entries.ts';
import type { SpecLine } from './spec-lines.ts';
import { LONGEST_LINE } from './spec-task-line.ts';

type Found = { readonly line: SpecLine; readonly role: Role; readonly message: string };

type Candidate = {
  readonly line: SpecLine;
  readonly number: string;
  readonly title: string;
  readonly isGroup: boolean;
};

type Around = { readonly line: SpecLine; readonly number: string };

const GROUP =
  /^[ \t]*(?:[-*+][ \t]+)?(?:\*\*|__)?(?<number>\d{1,9}(?:\.\d{1,9}){0,9})[.)．](?!\d)(?:\*\*|__)?[ \t]*(?<title>\S.*?)(?:\*\*|__)?$/u;

const tasksIn = (lines: readonly SpecLine[], roles: ReadonlyMap<SpecLine, Role>): Around[] =>
  lines.flatMap((line) => {
    const role = roles.get(line);
    return role?.kind === 'task' ? [{ line, number: role.number }] : [];
  });

/** A numbered line without a box outside of the task before it. It is a group when the next task is the first below it. */
const candidateOf = (
  line: SpecLine,
  before: Around | undefined,
  next: Around | undefined,
  known: ReadonlySet<string>,
): Candidate | undefined => {
  if (line.kind !== 'text' || line.text.length > LONGEST_LINE) return undefined;
  const { number, title } = GROUP.exec(line.text)?.groups ?? {};
  if (number === undefined || title === undefined || known.has(number)) return undefined;
  if (before && line.indent > before.line.indent) return undefined;
  const isGroup = next !== undefined && line.indent <= next.line.indent && ancestors(next.number).includes(number);
  return { line, number, title, isGroup };
};

/** Numbered lines without a box whose parts follow, and their neighbours that have none. */
export const groupsIn = (lines: readonly SpecLine[], roles: ReadonlyMap<SpecLine, Role>): readonly Found[] => {
  const tasks = tasksIn(lines, roles);
  const known = new Set<string>();
  const found: Candidate[] = [];
  let next = 0;
  for (const line of lines) {
    const task = tasks[next];
    if (task?.line === line) {
      for (const number of [task.number, ...ancestors(task.number)]) known.add(number);
      next += 1;
    } else if (!roles.has(line)) {
      const candidate = candidateOf(line, tasks[next - 1], task, known);
      if (candidate) found.push(candidate);
    }
  }
  const indent = found.find(({ isGroup }) => isGroup)?.line.indent;
  return found.flatMap(({ line, number, title, isGroup }): Found[] => {
    if (!isGroup && line.indent !== indent) return [];
    const message = `“${number}. ${title}” has neither a box nor tasks below it, so it is not read as a task`;
    return [{ line, role: isGroup ? { kind: 'group', number, title } : { kind: 'aside' }, message }];
  });
};
