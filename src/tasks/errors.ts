import { defineError } from '../lib/errors.ts';
import { counted } from '../lib/names.ts';
import type { Mistake } from './items/item.ts';

export const notText = defineError<{ file: string; line: number }>('spec/not-text', 2, ({ file, line }) => ({
  message: `${file}:${line}: there is a NUL character, so this is not a text file.`,
  hint: 'Name the tasks.md of a spec, saved as UTF-8.',
}));

export const noTasks = defineError<{
  file: string;
  /** What was noticed first of its text, which may be why. */
  noticed?: { readonly line: number; readonly message: string } | undefined;
}>('spec/no-tasks', 2, ({ file, noticed }) => ({
  message: noticed
    ? `${file} has no tasks that can be read: in line ${noticed.line}, ${noticed.message}.`
    : `${file} has no tasks.`,
  hint: 'A task is a line like `- [ ] 2.1 Build the parser`.',
}));

const SHOWN = 20;

const listed = (lines: readonly string[]): string[] =>
  lines.length <= SHOWN ? [...lines] : [...lines.slice(0, SHOWN), `… and ${lines.length - SHOWN} more.`];

/** All that keeps a plan from being imported in one answer, and what was only noticed behind it. */
export const specMistakes = defineError<{
  file: string;
  mistakes: readonly Mistake[];
  warnings: readonly { readonly line: number; readonly message: string }[];
}>('spec/mistakes', 2, ({ file, mistakes, warnings }) => ({
  message: [
    `${file} has ${counted(mistakes.length, 'mistake')} and ${counted(warnings.length, 'warning')}, and nothing was imported:`,
    ...listed(mistakes.map(({ line, message, fix }) => `${file}:${line}: error: ${message}. ${fix}`)),
    ...listed(warnings.map(({ line, message }) => `${file}:${line}: warning: ${message}.`)),
  ].join('\n'),
  hint: 'Mend the mistakes and import it again; warnings alone stop no import.',
}));

export const unknownDependency = defineError<{ file: string; line: number; number: string; missing: string }>(
  'spec/unknown-dependency',
  2,
  ({ file, line, number, missing }) => ({
    message: `${file}:${line}: task ${number} depends on ${missing}, which is not in the plan.`,
    hint: 'Correct what it is said to depend on.',
  }),
);

export const planCycle = defineError<{ cycle: string; place?: string }>('plan/cycle', 6, ({ cycle, place }) => ({
  message: `${place === undefined ? 'These' : `${place}: these`} tasks wait for each other: ${cycle}.`,
  hint: 'Take one of the dependencies away.',
}));
