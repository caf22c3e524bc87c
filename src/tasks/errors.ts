import { defineError } from '../lib/errors.ts';

export const notText = defineError<{ file: string; line: number }>('spec/not-text', 2, ({ file, line }) => ({
  message: `${file}:${line}: there is a NUL character, so this is not a text file.`,
  hint: 'Name the tasks.md of a spec, saved as UTF-8.',
}));

export const noTasks = defineError<{ file: string; boxes: number }>('spec/no-tasks', 2, ({ file, boxes }) =>
  boxes > 0
    ? {
        message: `${file} has ${boxes} check boxes but none with a task number, so they are not read as tasks.`,
        hint: 'Boxes without numbers are criteria: import the file with --as requirements, or number its tasks.',
      }
    : { message: `${file} has no tasks.`, hint: 'A task is a line like `- [ ] 2.1 Build the parser`.' },
);

export const missingNumber = defineError<{ file: string; line: number; title: string }>(
  'spec/missing-number',
  2,
  ({ file, line, title }) => ({
    message: `${file}:${line}: the task “${title}” has no number.`,
    hint: 'Number it, e.g. `- [ ] 2.1 Build the parser`, or make it a plain bullet of the task above.',
  }),
);

export const duplicateNumber = defineError<{ file: string; line: number; number: string; first: number }>(
  'spec/duplicate-number',
  2,
  ({ file, line, number, first }) => ({
    message: `${file}:${line}: task ${number} is there already in line ${first}.`,
    hint: 'Give one of the two another number.',
  }),
);

export const unknownDependency = defineError<{ file: string; line: number; number: string; missing: string }>(
  'spec/unknown-dependency',
  2,
  ({ file, line, number, missing }) => ({
    message: `${file}:${line}: task ${number} depends on ${missing}, which is not in the plan.`,
    hint: 'Correct the number behind `_Depends:`.',
  }),
);

export const planCycle = defineError<{ cycle: string }>('plan/cycle', 6, ({ cycle }) => ({
  message: `These tasks wait for each other: ${cycle}.`,
  hint: 'Take one of the dependencies away.',
}));
