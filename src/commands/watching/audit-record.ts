import { z } from 'zod';
import { type AuditRecord, DECISIONS } from '../../ports/audit.ts';

/** A record of the audit, as it is listed and shown. */
export const auditRecordSchema: z.ZodType<AuditRecord> = z.object({
  seq: z.number().int().describe('Number in the audit, from 1 without gaps'),
  at: z.string().describe('ISO 8601, UTC'),
  actor: z.string().describe('Who was seen to say it: cli, tui, an instance, unknown, or daemon'),
  role: z.string().describe('The role in which it was said; none where it was refused before'),
  seen: z.string().describe('By what the actor was known'),
  corr: z.string().describe('What belongs together: the same as in the events'),
  command: z.string(),
  targets: z.array(z.string()).describe('The ids that it was about'),
  decision: z.enum(DECISIONS).describe('allowed: for the role; `exit` and `result` tell how it went'),
  exit: z.number().int().describe('The exit code of the answer'),
  result: z.string().describe('The answer'),
});
