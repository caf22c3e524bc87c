import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { notFound } from '../errors.ts';
import { idsParam } from '../selection.ts';
import { auditRecordSchema } from './audit-record.ts';
import { numberNamed } from './number-named.ts';

export const showAudit = defineCommand({
  verb: 'show',
  noun: 'audit',
  summary: 'One record of the audit, whole',
  example: 'show audit 12',
  role: 'viewer',
  modifiers: ['detailed'],
  aloud: ['detailed'],
  target: 'required',
  one: 'audit',
  reads: true,
  params: z.object({ id: idsParam.describe('Its number') }),
  result: auditRecordSchema,
  refuses: (_standing, { id }) => void numberNamed(id, 'audit', 'a record'),
  run: async ({ audit }, { id }) => {
    const number = numberNamed(id, 'audit', 'a record');
    let last = 0;
    for await (const record of audit.records()) {
      last = record.seq;
      if (last !== number) continue;
      const { seq, at, actor, role, seen, corr, command, targets, decision, exit, result } = record;
      const about = targets.length === 0 ? '' : `\nabout: ${targets.join(', ')}`;
      const head = `${seq} ${decision} (exit ${exit}) at ${at} (${corr})\n${actor} as ${role}: ${seen}`;
      return { message: `${head}\ncommand: ${command}${about}\n${result}`, data: record };
    }
    throw notFound({ noun: 'audit', id: String(number), known: last === 0 ? [] : [`1 to ${last}`] });
  },
});
