import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { idsParam, requireOne } from '../selection.ts';
import { attachOutcome, attachSchema, sessionNamed, sessionsOf } from './session-rows.ts';

export const attachSession = defineCommand({
  verb: 'attach',
  noun: 'session',
  summary: 'Hand this terminal to a tmux session of the swarm; a viewer may look only',
  example: 'attach session rehearsal-1 read-only',
  role: 'viewer',
  modifiers: ['read-only'],
  looksWith: 'read-only',
  target: 'required',
  one: 'session',
  reads: true,
  params: z.object({ id: idsParam.describe('An instance, or the name of its session') }),
  result: attachSchema,
  run: async (context, { id }, modifiers) => {
    const { row } = sessionNamed(await sessionsOf(context), requireOne(id, 'session'));
    return attachOutcome(context, { instance: row.instance, session: row.session }, modifiers);
  },
});
