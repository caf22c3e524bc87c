import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** What a value has to be, by the names that the schemas have for kinds. */
const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list, such as ["one", "two"]',
  tuple: 'a list, such as ["one", "two"]',
  object: 'a table, such as {"name": "value"}',
  record: 'a table, such as {"name": "value"}',
};

const UNITS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  string: ['character', 'characters'],
  array: ['entry', 'entries'],
  object: ['entry', 'entries'],
  record: ['entry', 'entries'],
};

/** A bound of a number, or of the length of something. */
const boundText = (
  origin: string,
  limit: number | bigint,
  words: { readonly number: string; readonly size: string },
) => {
  const unit = UNITS[origin];
  return unit
    ? `it needs ${words.size} ${limit} ${Number(limit) === 1 ? unit[0] : unit[1]}`
    : `it has to be ${words.number} ${limit}`;
};

/** Schemas that say nothing of their own have the library's words, which begin with these. */
const LIBRARY = /^(?:Invalid|Too |Unrecognized)/u;

const UNKNOWN = 'it is not written as it has to be';

/** What is wrong with a value, in words for a person: those of its schema where it has some, else by what it checks. */
export const issueText = (issue: Issue): string => {
  if (issue.code === 'invalid_key') return issue.issues[0] ? issueText(issue.issues[0]) : issue.message;
  if (!LIBRARY.test(issue.message)) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return `it has to be ${KINDS[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `it has to be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}`;
    case 'too_small': {
      const number = issue.inclusive === false ? 'more than' : 'at least';
      return boundText(issue.origin, issue.minimum, { number, size: 'at least' });
    }
    case 'too_big': {
      const number = issue.inclusive === false ? 'less than' : 'at most';
      return boundText(issue.origin, issue.maximum, { number, size: 'at most' });
    }
    case 'not_multiple_of':
      return `it has to be a multiple of ${issue.divisor}`;
    case 'unrecognized_keys':
      return `there is no ${issue.keys.map((key) => `"${key}"`).join(', ')} in it`;
    case 'invalid_union': {
      const texts = issue.errors.flatMap(([first]) => (first ? [issueText(first)] : []));
      return [...new Set(texts)].join(', or ') || UNKNOWN;
    }
    case 'invalid_format':
      return issue.format === 'datetime' ? 'it has to be a time such as 2026-01-31T12:00:00Z' : UNKNOWN;
    default:
      return UNKNOWN;
  }
};
