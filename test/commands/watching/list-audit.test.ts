import { expect, test } from 'vitest';
import { listAudit } from '../../../src/commands/watching/list-audit.ts';
import { openDesk } from '../../helpers/desk.ts';
import { auditTrail } from './audit-trail.ts';

const seqs = (data: unknown): number[] => (data as { seq: number }[]).map(({ seq }) => seq);

test('what was commanded is listed, by decision, by time and cut at a limit', async () => {
  const desk = openDesk(listAudit, [], { audit: auditTrail() });
  expect(seqs((await desk.say('list audit')).data)).toEqual([1, 2, 3]);
  expect(seqs((await desk.say('list audit decision=denied')).data)).toEqual([3]);
  expect(seqs((await desk.say('list audit limit=1')).data)).toEqual([3]);
  expect(seqs((await desk.say('list audit since=2025-12-31T23:02:00Z')).data)).toEqual([2, 3]);
  expect((await desk.say('list audit decision=denied')).text).toMatch(
    /kiro-1 +agent +denied +4 +stop instance kiro-2$/,
  );
});

test('a decision that there is none of is refused, and no agent reads the audit', async () => {
  const desk = openDesk(listAudit, [], { audit: auditTrail() });
  expect((await desk.say('list audit decision=perhaps')).exit).toBe(2);
  expect((await desk.sayAs('kiro-1', 'list audit')).exit).toBe(4);
});
