import { z } from 'zod';
import { defineCommand } from './define.ts';
import { wrongState } from './errors.ts';
import { idsParam, oneInstance } from './selection.ts';

export const attachInstance = defineCommand({
  verb: 'attach',
  noun: 'instance',
  summary: 'Hand this terminal to the agent’s tmux session; detach to come back',
  example: 'attach rehearsal-1',
  role: 'operator',
  modifiers: ['read-only'],
  target: 'required',
  reads: true,
  params: z.object({ id: idsParam }),
  run: async ({ store: { state }, tmux, settings }, { id }, modifiers) => {
    const one = oneInstance(state, id);
    if (!(await tmux.sessionNames()).includes(one.session))
      throw wrongState({
        id: one.instance_id,
        state: one.state.kind,
        wants: 'it has no tmux session',
        hint: `Say "restart instance ${one.instance_id}" first.`,
      });
    const server = settings.tmux.socket === undefined ? '' : `-L ${settings.tmux.socket} `;
    return {
      message: `tmux ${server}attach -t =${one.session}`,
      data: {
        instance: one.instance_id,
        session: one.session,
        socket: settings.tmux.socket ?? null,
        read_only: modifiers.includes('read-only'),
      },
    };
  },
});
