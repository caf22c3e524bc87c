import { expect, test } from 'vitest';
import { makeNotes } from '../../../src/daemon/serve/notes.ts';
import type { Speaker } from '../../../src/daemon/serve/speaker.ts';
import type { AuditEntry } from '../../../src/ports/audit.ts';
import type { NoteFrame } from '../../../src/protocol/frame.ts';
import { readClientFrame } from '../../../src/protocol/frame.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { servicesWith } from '../../helpers/services.ts';

const person: Speaker = { kind: 'person', because: 'it is a test' };
const agent: Speaker = { kind: 'instance', id: 'claude-1', because: 'it is a test' };
const frame: NoteFrame = {
  ...{ v: 1, kind: 'note', id: 'n1', actor: 'web', command: 'web token create a role=admin', decision: 'allowed' },
  result: 'It is done.',
};

const stage = (localRole = 'admin') => {
  const entries: AuditEntry[] = [];
  const services = servicesWith({
    settings: settingsSchema.parse({ security: { localRole } }),
    now: () => 'now',
    secrets: { redact: (text: string) => text.replaceAll('hunter2', '***') } as never,
  });
  return { entries, note: makeNotes(services, { note: async (entry) => void entries.push(entry) }) };
};

test('[WEB-6] what a client did or refused is an entry of the audit, without secrets and control characters', async () => {
  const { entries, note } = stage();
  const refused = { ...frame, decision: 'denied', command: 'GET \u001b[2J/x?hunter2', result: 'No.' } as const;
  expect(await note(refused, person)).toMatchObject({ exit: 0, data: { role: 'admin' } });
  expect(entries).toEqual([
    {
      ...{ at: 'now', actor: 'web', role: 'admin', seen: 'it is a test', corr: 'c-n1', targets: [] },
      ...{ command: 'GET /x?***', decision: 'denied', exit: 4, result: 'No.' },
    },
  ]);
});

test('[WEB-6] an agent makes no token, and neither does a person without the role; both is written down', async () => {
  const { entries, note } = stage('operator');
  const wanted = { ...frame, least: 'admin' } as const;
  expect(await note(wanted, agent)).toMatchObject({ exit: 4, data: { code: 'command/denied' } });
  expect(await note(wanted, person)).toMatchObject({
    exit: 4,
    hint: expect.stringContaining('It takes the role admin'),
  });
  expect(await note({ ...frame, least: 'operator' }, person)).toMatchObject({ exit: 0 });
  expect(entries.map(({ actor, decision, exit }) => [actor, decision, exit])).toEqual([
    ['claude-1', 'denied', 4],
    ['web', 'denied', 4],
    ['web', 'allowed', 0],
  ]);
});

test('a note is read as one, and nothing that only looks like one', () => {
  expect(readClientFrame(JSON.stringify(frame))).toEqual(frame);
  for (const wrong of [{ least: 'agent' }, { least: 'root' }, { decision: 'maybe' }, { command: 1 }, { token: 1 }])
    expect(readClientFrame(JSON.stringify({ ...frame, ...wrong }))).toBeUndefined();
});
