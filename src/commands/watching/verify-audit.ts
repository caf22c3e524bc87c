import { z } from 'zod';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';

export const verifyAudit = defineCommand({
  verb: 'verify',
  noun: 'audit',
  summary: 'Find out whether the audit is as it was written: exit 1 names the first line that is not',
  example: 'verify audit',
  role: 'viewer',
  modifiers: [],
  reads: true,
  target: 'none',
  params: z.object({}),
  result: z.object({
    records: z.number().int().describe('So many are sound, from the first one on'),
    hash: z.string().describe('Of all of them: note it elsewhere, and nobody can write them anew unseen'),
    fault: z.object({ file: z.string(), line: z.number().int(), what: z.string() }).nullable(),
  }),
  run: async ({ audit }) => {
    const { tip, fault } = await audit.verify();
    const data = { records: tip.seq, hash: tip.hash, fault };
    if (!fault) return { message: `The audit is sound: ${plural(tip.seq, 'record')}, up to ${tip.hash}.`, data };
    return {
      message: `The audit is not as it was written: ${fault.file}, line ${fault.line}: ${fault.what}.`,
      data,
      exit: 1,
    };
  },
});
