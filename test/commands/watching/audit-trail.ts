import type { AuditReader, AuditRecord } from '../../../src/ports/audit.ts';

const record = (seq: number, more: Partial<AuditRecord> = {}): AuditRecord => ({
  ...{ seq, at: `2025-12-31T23:0${seq}:00.000Z`, actor: 'cli', role: 'admin', seen: 'it is a test', corr: `c-${seq}` },
  ...{ command: 'launch 1 instance', targets: [], decision: 'allowed', exit: 0, result: 'Launched.' },
  ...more,
});

/** An audit in memory with three records, the last of them refused. */
export const auditTrail = (fault: Awaited<ReturnType<AuditReader['verify']>>['fault'] = null): AuditReader => ({
  records: async function* () {
    yield record(1);
    yield record(2, { decision: 'confirmation', exit: 5 });
    yield record(3, {
      ...{ actor: 'kiro-1', role: 'agent', command: 'stop instance kiro-2', targets: ['kiro-2'], decision: 'denied' },
      ...{ exit: 4, result: 'kiro-1 may not say "stop instance".' },
    });
  },
  verify: async () => ({ tip: { seq: 3, hash: 'a'.repeat(64) }, fault }),
});
