import { z } from 'zod';
import { defineCommand } from '../define.ts';
import { idsParam, only } from '../selection.ts';
import { handOver, placeSchema, seatNamed, seatsOf } from './seats.ts';

export const attachSession = defineCommand({
  verb: 'attach',
  noun: 'session',
  summary: 'Hand this terminal to a tmux session of the swarm; a viewer may look only',
  example: 'attach session rehearsal-1 read-only',
  role: 'viewer',
  modifiers: ['read-only'],
  target: 'required',
  reads: true,
  params: z.object({ id: idsParam.describe('An instance, or the name of its session') }),
  result: placeSchema,
  run: async (context, { id }, modifiers) => {
    const { row } = seatNamed(await seatsOf(context), only(id, 'session'));
    return handOver(context, { instance: row.instance, session: row.session }, modifiers);
  },
});
