import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { verifyAudit } from '../../../src/audit/chain.ts';
import { judgeAudit } from '../../../src/cli/doctor/audit.ts';
import { openSwarm } from '../../helpers/swarm.ts';
import { until } from '../until.ts';

test('[SEC-2] an audit that is removed under a daemon that rests is an alert, and doctor and health name it', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task "One"');
  rmSync(join(swarm.paths.audit, '000000000001.jsonl'));
  await until(swarm, ({ alerts }) => alerts['audit-harmed'] !== undefined);
  const { text, suggestion } = (await swarm.state()).alerts['audit-harmed']!;
  expect(text).toContain('000000000001.jsonl was removed while a daemon ran: record 1 is missing');
  expect((await swarm.say(suggestion!)).exit).toBe(1);
  expect((await swarm.say('status daemon health')).text).toContain('was removed while a daemon ran');
  expect(judgeAudit({ ...(await verifyAudit(swarm.paths.audit)), held: true })).toMatchObject([
    { id: 'state.audit', severity: 'warning', cause: expect.stringContaining('before it record 1 is missing') },
  ]);
});

test('an audit that a daemon has not noted the end of yet is no fault, and one without records is nothing', () => {
  const tip = { seq: 2, hash: 'a' };
  const fault = { file: 'tip', line: 1, what: 'the end of the audit is not written down there' };
  expect(judgeAudit({ tip, fault, held: true })).toMatchObject([{ severity: 'ok' }]);
  expect(judgeAudit({ tip, fault, held: false })).toMatchObject([{ severity: 'warning' }]);
  expect(judgeAudit({ tip: { ...tip, seq: 0 }, fault: null, held: false })).toEqual([]);
  expect(judgeAudit(null)).toMatchObject([{ id: 'state.audit-unchecked' }]);
});
