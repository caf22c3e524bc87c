import type { z } from 'zod';
import type { AppError } from '../lib/errors.ts';
import { shorten, shownLine } from '../lib/text.ts';
import type { Meaning } from '../protocol/action.ts';
import { issueText } from '../state/issue-text.ts';
import type { Command } from './define.ts';
import { badParameter, lacksParameter } from './errors.ts';
import { numberIssue } from './number-issue.ts';

type Said = Meaning['parameters'];
type Issue = z.core.$ZodIssue;

const strictOnes = new WeakMap<z.ZodObject, z.ZodObject>();

/** What takes those parameters and no others. It is made once for each: to make one costs more than to use it. */
const strict = (params: z.ZodObject): z.ZodObject => {
  const known = strictOnes.get(params);
  if (known) return known;
  const made = params.strict();
  strictOnes.set(params, made);
  return made;
};

/** What a schema says of a value, in words for a person. */
const textOf = (command: Command, said: Said, issue: Issue | undefined): string => {
  const key = String(issue?.path[0] ?? '');
  if (issue?.code === 'invalid_value' && issue.message.startsWith('Invalid'))
    return `"${shorten(String(said[key]), 60)}" is none of ${issue.values.map(String).join(', ')}`;
  return numberIssue(command.params.shape[key], said[key]) ?? (issue ? issueText(issue) : 'not valid');
};

/** What is wrong with the parameters of a command: what a schema says of a value that is not there is none. */
const refusalOf = (command: Command, said: Said, issues: readonly Issue[]): AppError => {
  const name = `${command.verb} ${command.noun}`;
  // A schema may have words of its own for what is lacking, which say more.
  const unworded = issues.filter(({ message }) => message.startsWith('Invalid'));
  const lacking = [...new Set(unworded.map(({ path }) => String(path[0] ?? '')))].filter(
    (key) => key !== '' && !Object.hasOwn(said, key),
  );
  if (lacking.length > 0) return lacksParameter({ command: name, keys: lacking, example: command.example });
  const [issue] = issues;
  return badParameter({
    command: name,
    key: issue?.path.join('.') || 'parameters',
    issue: shownLine(textOf(command, said, issue)).replace(/\.$/u, ''),
  });
};

/** With text in place of the numbers and truths that are wanted as text: the words do not tell which is meant. */
const asWanted = (said: Said, issues: readonly Issue[]): Said => {
  const keys = issues.flatMap((issue) =>
    issue.code === 'invalid_type' && issue.expected === 'string' && issue.path.length === 1
      ? String(issue.path[0])
      : [],
  );
  const texts = keys.filter((key) => ['number', 'boolean'].includes(typeof said[key]));
  return { ...said, ...Object.fromEntries(texts.map((key) => [key, String(said[key])])) };
};

/** What a command is said with, as it takes it; throws what is wrong with it. */
export const checkedParameters = (command: Command, said: Said): Record<string, unknown> => {
  const params = strict(command.params);
  const first = params.safeParse(said);
  if (first.success) return first.data;
  const wanted = asWanted(said, first.error.issues);
  const result = params.safeParse(wanted);
  if (result.success) return result.data;
  throw refusalOf(command, wanted, result.error.issues);
};
