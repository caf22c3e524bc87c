import { z } from 'zod';
import { alertSchema } from '../../state/alerts.ts';
import { defineCommand } from '../define.ts';
import { idsParam, lookUp, requireOne } from '../selection.ts';

export const showAlert = defineCommand({
  verb: 'show',
  noun: 'alert',
  summary: 'One alert: what is wrong, since when, and the command that helps',
  example: 'show alert failed:3.1',
  role: 'viewer',
  modifiers: ['detailed'],
  target: 'required',
  reads: true,
  params: z.object({ id: idsParam }),
  result: alertSchema,
  run: async ({ store: { state } }, { id }) => {
    const alert = lookUp(state.alerts, requireOne(id, 'alert'), 'alert');
    const help = alert.suggestion === null ? [] : [`Suggested: ${alert.suggestion}`];
    return { message: [`${alert.severity} since ${alert.raised_at}: ${alert.text}`, ...help].join('\n'), data: alert };
  },
});
