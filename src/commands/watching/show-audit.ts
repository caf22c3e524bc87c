import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { badParameter, notFound } from '../errors.ts';
import { idsParam, requireOne } from '../selection.ts';
import { auditRecordSchema } from './audit-record.ts';

const numberIn = (ids: readonly string[]): number => {
  const name = requireOne(ids, 'audit');
  const number = Number(name);
  if (Number.isSafeInteger(number) && number >= 1) return number;
  throw badParameter({ command: 'show audit', key: 'id', issue: `"${name}" is no number of a record` });
};

export const showAudit = defineCommand({
  verb: 'show',
  noun: 'audit',
  summary: 'One record of the audit, whole',
  example: 'show audit 12',
  role: 'viewer',
  modifiers: ['detailed'],
  target: 'required',
  one: 'audit',
  reads: true,
  params: z.object({ id: idsParam.describe('Its number') }),
  result: auditRecordSchema,
  refuses: (_standing, { id }) => void numberIn(id),
  run: async ({ audit }, { id }) => {
    const number = numberIn(id);
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
