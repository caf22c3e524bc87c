import { z } from 'zod';
import { type Finding, lintSpec as findingsOf, SEVERITIES } from '../../tasks/spec/lint.ts';
import { drawTable, type Tone } from '../../text/table.ts';
import { plural } from '../../text/wording.ts';
import { type Context, defineCommand } from '../define.ts';
import { nothingToDo } from '../errors.ts';
import { idsParam } from '../selection.ts';
import { specPlace, textAt } from './places.ts';

const findingSchema = z.object({
  id: z.string().describe('Rule and subject: stays the same while the finding is there'),
  rule: z.string(),
  severity: z.enum(SEVERITIES),
  file: z.string(),
  line: z.number().int(),
  message: z.string(),
  proposal: z.string().describe('What to do about it'),
});

const TONES: Readonly<Record<Finding['severity'], Tone>> = { error: 'bad', warning: 'busy', note: 'dim' };

/** The files of a plan by the name it was imported under, else by its path. */
const lintOne = async (context: Context, name: string): Promise<Finding[]> => {
  const { specs } = context.store.state;
  const { file, folder } = specPlace(context, Object.hasOwn(specs, name) ? specs[name]!.source : name);
  const requirementsFile = `${folder}/requirements.md`;
  return findingsOf({
    tasksText: await textAt(context, file),
    requirementsText: (await context.readFile(requirementsFile)) ?? undefined,
    tasksFile: file,
    requirementsFile,
  });
};

const counts = (findings: readonly Finding[]): string =>
  SEVERITIES.map((severity) => plural(findings.filter((one) => one.severity === severity).length, severity)).join(', ');

export const lintSpec = defineCommand({
  verb: 'lint',
  noun: 'spec',
  summary:
    'Look for mistakes in a plan: numbers that are there twice, references that lead nowhere, criteria without a task',
  example: 'lint spec .kiro/specs/demo',
  role: 'viewer',
  modifiers: [],
  target: 'optional',
  reads: true,
  params: z.object({
    id: idsParam.optional().describe('Imported plans by name, or paths; without any, all imported ones'),
    scope: z.literal('all').optional(),
  }),
  result: z.array(findingSchema),
  run: async (context, { id }) => {
    const names = id ?? Object.keys(context.store.state.specs);
    if (names.length === 0)
      throw nothingToDo({
        message: 'No plan was imported.',
        hint: 'Say which one, e.g. "lint spec .kiro/specs/demo".',
      });
    const found = await Promise.all(names.map((name) => lintOne(context, name)));
    const data = found.flat();
    const errors = data.filter((one) => one.severity === 'error');
    if (errors.length === 0) return { message: `${counts(data)}.`, data };
    const lines = errors.map(({ file, line, message, proposal }) => `${file}:${line}: ${message}. ${proposal}`);
    return { message: [`${counts(data)}:`, ...lines].join('\n'), data, exit: 1 };
  },
  draw: (data: readonly Finding[], view) =>
    `${drawTable(
      {
        head: ['severity', 'line', 'finding', 'what to do'],
        rows: data.map(({ severity, file, line, message, proposal }) => [
          { text: severity, tone: TONES[severity] },
          { text: `${file.split('/').at(-1)}:${line}` },
          { text: message },
          { text: proposal, tone: 'dim' },
        ]),
        empty: 'Nothing was found.',
      },
      view,
    )}\n${counts(data)}.`,
});
