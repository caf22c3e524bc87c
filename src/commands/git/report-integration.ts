import { z } from 'zod';
import { shown } from '../../lib/text.ts';
import { integrationReport, integrationReportSchema, REPORT_FORMATS } from '../../text/integration-report.ts';
import { htmlReport, markdownReport } from '../../text/report-documents.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { idsParam, requireOne } from '../selection.ts';
import { writeTo } from '../write-file.ts';
import { batchMeant } from './batches.ts';

const dataSchema = z.object({
  format: z.enum(REPORT_FORMATS),
  file: z.string().nullable().describe('Where it was written; null when it is the answer itself'),
  report: integrationReportSchema,
  text: z.string().describe('The report in its format'),
});
type Data = z.infer<typeof dataSchema>;

const WRITERS = {
  markdown: markdownReport,
  html: htmlReport,
  json: (report: Data['report']) => `${JSON.stringify(report, null, 2)}\n`,
} as const;

export const reportIntegration = defineCommand({
  verb: 'report',
  noun: 'integration',
  summary:
    'What a batch merged and why in this order, how its checks went, what is left to do; on the terminal, or into a file with to=FILE',
  example: 'report integration batch-1 format=html',
  role: 'operator',
  modifiers: ['force'],
  target: 'optional',
  one: 'batch',
  reads: false,
  effects: 'writes the file that to= names; one that is there is replaced only with force',
  params: z.object({
    id: idsParam.optional().describe('The batch; without any, the last one'),
    scope: z.literal('last').optional().describe('last, the latest one'),
    format: z.enum(REPORT_FORMATS).default('markdown').describe('How it is to be written'),
    to: idsParam.optional().describe('A file'),
  }),
  result: dataSchema,
  run: async (context, { id, format, to }, modifiers) => {
    const { state } = context.store;
    const report = integrationReport(state, batchMeant(state, id));
    const text = WRITERS[format](report);
    const file =
      to === undefined ? null : await writeTo(context, requireOne(to, 'file'), text, modifiers.includes('force'));
    const data: Data = { format, file, report, text };
    const where = file === null ? '' : ` The report is in ${file}.`;
    const merged = plural(report.merged.length, 'branch');
    return {
      message: `${report.batch}: ${merged} merged, ${report.set_aside.length} set aside.${where}`,
      data,
      ...(file === null ? {} : { sideEffects: [`file ${file}`] }),
    };
  },
  // The text goes into a pipe as it is.
  draw: (data: Data, _view, message) => (data.file === null ? shown(data.text.trimEnd()) : message),
});
