import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { verifyAudit } from '../../../src/commands/watching/verify-audit.ts';
import type { AuditRecord } from '../../../src/ports/audit.ts';
import { openDesk } from '../../helpers/desk.ts';
import { openSwarm } from '../../helpers/swarm.ts';
import { sayAs, shell } from '../stage.ts';
import { auditTrail } from './audit-trail.ts';

test('[SEC-2] an audit is sound, and one changed byte ends with 1 and names the line', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  await swarm.say('create task "T" id=t1');
  expect((await sayAs(swarm, 'rehearsal-1', 'stop instance rehearsal-1')).exit).toBe(4);
  expect((await swarm.propose('remove instance rehearsal-1')).exit).toBe(5);
  const listed = (await swarm.say('list audit')).data as AuditRecord[];
  const told = listed.map(({ actor, role, command, decision, targets, exit }) => [
    ...[actor, role, command, decision, targets, exit],
  ]);
  expect(told).toEqual([
    ['cli', 'admin', 'launch instance count=1', 'allowed', [], 0],
    ['cli', 'admin', 'create task id=t1 "T"', 'allowed', [], 0],
    // The token says whose it is, the process from which it came whose it was.
    ['cli', 'agent', 'stop instance rehearsal-1', 'denied', ['rehearsal-1'], 4],
    ['cli', 'admin', 'remove instance rehearsal-1', 'confirmation', ['rehearsal-1'], 5],
  ]);
  expect(listed.map(({ result }) => result)).toEqual([
    'Launched 1 instance: rehearsal-1 (azure).',
    'Created t1: T.',
    'rehearsal-1 may not say "stop instance".',
    expect.stringContaining('rehearsal-1'),
  ]);
  expect(await shell(swarm, ['audit', 'verify'])).toMatchObject({ exit: 0 });
  const [file] = readdirSync(swarm.paths.audit).filter((name) => name !== 'tip') as [string];
  const path = join(swarm.paths.audit, file);
  writeFileSync(path, readFileSync(path, 'utf8').replace('"denied"', '"allowd"'));
  const { exit, stdout, stderr } = await shell(swarm, ['audit', 'verify']);
  expect([exit, `${stdout}${stderr}`]).toEqual([1, expect.stringContaining(`${file}, line 4: it was changed`)]);
  const listedAfter = await shell(swarm, ['audit', 'list']);
  expect([listedAfter.exit, listedAfter.stdout]).toEqual([0, expect.stringContaining('allowd')]);
});

test('the answer has what is to be noted elsewhere', async () => {
  const desk = openDesk(verifyAudit, [], { audit: auditTrail() });
  expect(await desk.say('verify audit')).toMatchObject({
    exit: 0,
    data: { records: 3, hash: 'a'.repeat(64), fault: null },
  });
  const damaged = openDesk(verifyAudit, [], { audit: auditTrail({ file: 'f', line: 7, what: 'it is cut' }) });
  expect(await damaged.say('verify audit')).toMatchObject({ exit: 1, data: { fault: { line: 7 } } });
});
