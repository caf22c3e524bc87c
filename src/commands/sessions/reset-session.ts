import { z } from 'zod';
import { isAlive } from '../../state/moves.ts';
import { sideWindows } from '../../text/side-windows.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';
import { instanceParams, requireSome, selectInstances } from '../selection.ts';
import { noSession, sessionsOf } from './session-rows.ts';

export const resetSession = defineCommand({
  verb: 'reset',
  noun: 'session',
  summary: 'Open the windows of an agent’s session again that were closed, and give all their names back',
  example: 'reset session rehearsal-1',
  role: 'operator',
  modifiers: [],
  target: 'required',
  reads: false,
  effects: 'makes the windows of the session again that are missing',
  params: z.object(instanceParams),
  result: z.array(z.object({ instance: z.string(), session: z.string(), opened: z.array(z.string()) })),
  names: 'instance',
  refuses: ({ state }, targets) => void requireSome(selectInstances(state, targets), 'instance', targets),
  unsure: ({ state }, targets) => selectInstances(state, targets).some((one) => !isAlive(one.state.kind)),
  run: async (context, targets) => {
    const found = requireSome(selectInstances(context.store.state, targets), 'instance', targets);
    const seats = await sessionsOf(context);
    const data: { instance: string; session: string; opened: string[] }[] = [];
    for (const one of found) {
      const { instance_id, state, workspace_path } = one;
      const seat = seats.find(({ row }) => row.instance === instance_id);
      if (!seat && targets.id) throw noSession(instance_id, state.kind);
      if (!seat) continue;
      const { session } = seat.row;
      const windows = sideWindows(context.paths, one);
      const opened = await context.tmux.layout({ session, droverId: seat.mark, cwd: workspace_path, windows });
      data.push({ instance: instance_id, session, opened: [...opened] });
    }
    const opened = data.flatMap((one) => one.opened.map((name) => `window ${name} of ${one.session}`));
    const of = data.map((one) => one.instance).join(', ');
    return {
      message:
        opened.length === 0
          ? `All windows of ${of || 'the swarm'} are there.`
          : `Opened ${plural(opened.length, 'window')} of ${of}: ${data.flatMap((one) => one.opened).join(', ')}.`,
      data,
      sideEffects: opened,
    };
  },
});
