import { expect, test } from 'vitest';
import { showAudit } from '../../../src/commands/watching/show-audit.ts';
import { openDesk } from '../../helpers/desk.ts';
import { auditTrail } from './audit-trail.ts';

test('one record is shown whole', async () => {
  const desk = openDesk(showAudit, [], { audit: auditTrail() });
  const reply = await desk.say('show audit 3');
  expect(reply.data).toMatchObject({ seq: 3, decision: 'denied', targets: ['kiro-2'] });
  expect(reply.text.split('\n')).toEqual([
    '3 denied (exit 4) at 2025-12-31T23:03:00.000Z (c-3)',
    'kiro-1 as agent: it is a test',
    'command: stop instance kiro-2',
    'about: kiro-2',
    'kiro-1 may not say "stop instance".',
  ]);
});

test('a number that is not there and one that is none are told apart', async () => {
  const desk = openDesk(showAudit, [], { audit: auditTrail() });
  expect((await desk.say('show audit 4')).exit).toBe(3);
  expect((await desk.say('show audit x1')).exit).toBe(2);
});
