import { z } from 'zod';
import { planWarnings } from '../../tasks/spec/import-spec.ts';
import { lintSpec as findingsOf } from '../../tasks/spec/lint.ts';
import { type Finding, SEVERITIES } from '../../tasks/spec/lint-rule.ts';
import { drawTable, type Tone } from '../../text/table.ts';
import { plural } from '../../text/wording.ts';
import { type Context, defineCommand } from '../define.ts';
import { nothingToDo } from '../errors.ts';
import { idsParam } from '../selection.ts';
import { formatOf, requirementsAt, specPlace, textAt } from './places.ts';

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
const lintOne = async (context: Context, name: string, isStrict: boolean): Promise<Finding[]> => {
  const { specs } = context.store.state;
  const known = Object.hasOwn(specs, name) ? specs[name] : undefined;
  const { file, folder } = specPlace(context, known?.source ?? name);
  const requirements = await requirementsAt(context, folder);
  const tasksText = await textAt(context, file);
  const format = formatOf(file, tasksText, known?.format);
  const read = (text: string) => {
    const reading = format.read({ tasksText: text, file, policy: 'kiro', barrier: false });
    return { ...reading.parsed, warnings: planWarnings(reading) };
  };
  return findingsOf(
    { read, tasksText, tasksFile: file, requirementsText: requirements.text, requirementsFile: requirements.file },
    isStrict,
  );
};

const counts = (findings: readonly Finding[]): string =>
  SEVERITIES.map((severity) => plural(findings.filter((one) => one.severity === severity).length, severity)).join(', ');

export const lintSpec = defineCommand({
  verb: 'lint',
  noun: 'spec',
  summary:
    'Look for mistakes in a plan: prerequisites and references that lead nowhere, numbers that are there twice, criteria without a task; strict shows what is only doubtful too',
  example: 'lint spec .kiro/specs/demo',
  role: 'viewer',
  modifiers: ['strict'],
  target: 'optional',
  names: 'files',
  reads: true,
  params: z.object({
    id: idsParam.optional().describe('Imported plans by name, or paths; without any, all imported ones'),
    scope: z.literal('all').optional(),
  }),
  result: z.array(findingSchema),
  run: async (context, { id }, modifiers) => {
    const names = id ?? Object.keys(context.store.state.specs);
    if (names.length === 0)
      throw nothingToDo({
        message: 'No plan was imported.',
        hint: 'Say which one, e.g. "lint spec .kiro/specs/demo".',
      });
    const found = await Promise.all(names.map((name) => lintOne(context, name, modifiers.includes('strict'))));
    const data = found.flat();
    if (!data.some((one) => one.severity === 'error')) return { message: `${counts(data)}.`, data };
    const lines = data
      .filter((one) => one.severity !== 'note')
      .map(({ severity, file, line, message, proposal }) => `${file}:${line}: ${severity}: ${message}. ${proposal}`);
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
