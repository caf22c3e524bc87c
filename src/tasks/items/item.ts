import { z } from 'zod';
import { parseDuration } from '../../lib/duration.ts';
import { isRecord } from '../../lib/entry.ts';
import { nearest, oneLine, shorten } from '../../lib/text.ts';
import { issueText } from '../../state/issue-text.ts';
import { PRIORITIES } from '../../state/tasks.ts';
import { isClaimPattern } from '../claim-pattern.ts';

/** What a task may be called. */
export const taskIdSchema = z
  .string()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u, 'letters, digits, dots, hyphens; at most 64')
  .refine((id) => !(id in {}), 'this word cannot be an id');

const title = z
  .string()
  .transform(oneLine)
  .refine((text) => text !== '', 'a task needs a title');
const texts = z.array(z.string().trim().min(1));
const refs = z.array(z.string().trim().min(1));

/** `90s`, `30m`, `2h`, or milliseconds as a number. */
const durationSchema = z.union([
  z.number().min(0),
  z
    .string()
    .refine((text) => parseDuration(text) !== undefined, 'a duration is said like 90s, 30m or 2h')
    .transform((text) => parseDuration(text)!),
]);

/** A task as a file that is imported says it. A field that is not here is refused, never dropped. */
const taskItemSchema = z.strictObject({
  id: taskIdSchema.optional(),
  title,
  description: z.string().optional(),
  details: texts.optional(),
  group: title.nullable().optional(),
  requirements: refs.optional(),
  acceptance_criteria: texts.optional(),
  dependencies: refs.optional(),
  priority: z.enum(PRIORITIES).optional(),
  check: z.string().nullable().optional(),
  estimated_duration: durationSchema.nullable().optional(),
  complexity_score: z.number().min(1).max(10).optional(),
  required_capabilities: refs.optional(),
  files: z.array(z.string().trim().refine(isClaimPattern)).optional(),
  state: z.enum(['open', 'done']).optional(),
});
type Fields = z.infer<typeof taskItemSchema>;

/** One task that is to be imported. */
export type TaskItem = Fields & {
  /** What others of the same file call it when it has no id. */
  readonly key?: string | undefined;
  /** 1-based. */
  readonly line: number;
};

/** Something that only the author of a file can put right. */
export type Mistake = { readonly line: number; readonly message: string; readonly fix: string };

export const FIELDS: readonly string[] = Object.keys(taskItemSchema.shape);

/** Shorter names that the command language has for the same fields. */
const ALIASES: Readonly<Record<string, string>> = {
  deps: 'dependencies',
  capabilities: 'required_capabilities',
  estimate: 'estimated_duration',
  complexity: 'complexity_score',
  criteria: 'acceptance_criteria',
};

/** The field that a name stands for, or undefined. */
export const fieldOf = (name: string): string | undefined => {
  const plain = name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/gu, '_');
  const field = ALIASES[plain] ?? plain;
  return FIELDS.includes(field) ? field : undefined;
};

/** What to do about a field that does not exist. */
export const unknownField = (name: string, line: number): Mistake => {
  const near = nearest(name, [...FIELDS, ...Object.keys(ALIASES)]);
  return {
    line,
    message: `there is no field "${oneLine(name)}"`,
    fix: near === undefined ? `Leave it out; fields are ${FIELDS.join(', ')}.` : `Did you mean ${near}?`,
  };
};

const FIXES: Readonly<Record<string, string>> = {
  priority: `Say ${PRIORITIES.join(', ')}.`,
  state: 'Say open or done.',
  title: 'Say in one line what is to be done.',
  id: 'Letters, digits, dots and hyphens, at most 64; or leave it out and one is made.',
  complexity_score: 'Say a number from 1 to 10.',
  estimated_duration: 'Say it like 90s, 30m or 2h.',
  files: 'A pattern begins at the top of the repository, without / before it and without . or .. in it.',
};

type RecordFields = { readonly fields: Readonly<Record<string, unknown>>; readonly mistakes: readonly Mistake[] };

/** What a record says by the names of the fields; names that no field has, and fields said twice, are mistakes. */
const readFields = (record: Record<string, unknown>, line: number): RecordFields => {
  const mistakes: Mistake[] = [];
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(record)) {
    const field = fieldOf(name);
    if (field === undefined) mistakes.push(unknownField(name, line));
    else if (Object.hasOwn(fields, field))
      mistakes.push({ line, message: `"${field}" is said twice`, fix: 'Say it once.' });
    else fields[field] = value;
  }
  return { fields, mistakes };
};

/** What to do about a value of which no more is known than what its schema wants. */
const fixFor = (issue: z.core.$ZodIssue): string => {
  const [, at] = issue.path;
  const where = typeof at === 'number' ? `entry ${at + 1}: ` : '';
  return `Correct it, or leave it out: ${where}${oneLine(issueText(issue))}.`;
};

/** What is wrong with the value of a field, for the author of the file. */
const valueMistake = (issue: z.core.$ZodIssue, fields: Readonly<Record<string, unknown>>, line: number): Mistake => {
  const field = String(issue.path[0] ?? 'task');
  const isMissing = field === 'title' && !Object.hasOwn(fields, 'title');
  const said = shorten(oneLine(JSON.stringify(fields[field]) ?? ''), 60);
  const message = isMissing ? 'the title is missing' : `"${field}" cannot be ${said}`;
  if (field === 'id' && issue.code === 'custom')
    return { line, message, fix: 'This word means something else: take another, or leave it out and one is made.' };
  return { line, message, fix: FIXES[field] ?? fixFor(issue) };
};

/** Reads one record; what is wrong with it are mistakes of its line. */
export const readItem = (record: unknown, line: number): { item: TaskItem } | { mistakes: Mistake[] } => {
  if (!isRecord(record))
    return { mistakes: [{ line, message: 'this is not a task', fix: 'A task is an object like {"title": "…"}.' }] };
  const { fields, mistakes } = readFields(record, line);
  const result = taskItemSchema.safeParse(fields);
  if (result.success && mistakes.length === 0) return { item: { ...result.data, line } };
  // Whatever else is wrong with the same value is mended with it.
  const byField = Map.groupBy(result.error?.issues ?? [], ({ path }) => path[0]);
  const values = [...byField.values()].flatMap((all) =>
    all.slice(0, 1).map((issue) => valueMistake(issue, fields, line)),
  );
  return { mistakes: [...mistakes, ...values] };
};

/** What a file holds: whole tasks, and what is wrong with the others. */
export type ReadItems = {
  readonly items: readonly TaskItem[];
  readonly mistakes: readonly Mistake[];
  readonly warnings: readonly { readonly line: number; readonly message: string }[];
};

/** Reads many records. */
export const readItems = (records: readonly { record: unknown; line: number }[]): ReadItems => {
  const items: TaskItem[] = [];
  const mistakes: Mistake[] = [];
  for (const { record, line } of records) {
    const read = readItem(record, line);
    if ('item' in read) items.push(read.item);
    else mistakes.push(...read.mistakes);
  }
  return { items, mistakes, warnings: [] };
};
