import { z } from 'zod';
import { type AuditRecord, DECISIONS } from '../../ports/audit.ts';
import { momentOf } from '../../text/moment.ts';
import { drawTable } from '../../text/table.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { auditRecordSchema } from './audit-record.ts';

export const listAudit = defineCommand({
  verb: 'list',
  noun: 'audit',
  summary: 'List who commanded what, and what was refused',
  example: 'list audit decision=denied',
  role: 'viewer',
  modifiers: [],
  reads: true,
  target: 'optional',
  params: z.object({
    since: z.string().optional().describe('Only from a time on: 10m ago, 2026-11-20T14:30'),
    decision: z.enum(DECISIONS).optional().describe('Only what was allowed, denied, or asked about'),
    limit: z.coerce.number().int().min(1).default(100).describe('Only the latest ones'),
    scope: z.literal('all').optional(),
  }),
  result: z.array(auditRecordSchema),
  refuses: (_standing, { since }) => {
    if (since !== undefined) momentOf(since, 0);
  },
  run: async ({ audit, now }, { since, decision, limit }) => {
    const from = since === undefined ? Number.NEGATIVE_INFINITY : momentOf(since, Date.parse(now()));
    const data: AuditRecord[] = [];
    for await (const record of audit.records()) {
      if ((decision !== undefined && record.decision !== decision) || Date.parse(record.at) < from) continue;
      data.push(record);
      // At most twice as many as wanted are kept: removing records one by one would move all others each time.
      if (data.length > 2 * limit) data.splice(0, data.length - limit);
    }
    const shown = data.slice(-limit);
    return { message: plural(shown.length, 'record'), data: shown };
  },
  draw: (data: readonly AuditRecord[], view) =>
    drawTable(
      {
        head: ['seq', 'time', 'actor', 'role', 'decision', 'exit', 'command'],
        rows: data.map(({ seq, at, actor, role, decision, exit, command }) => [
          { text: String(seq) },
          { text: at, tone: 'dim' },
          { text: actor },
          { text: role },
          { text: decision, ...(decision === 'denied' ? { tone: 'bad' as const } : {}) },
          { text: String(exit) },
          { text: command },
        ]),
        least: ['time', 'role', 'exit'],
        empty: 'There is no such record in the audit.',
      },
      view,
    ),
});
