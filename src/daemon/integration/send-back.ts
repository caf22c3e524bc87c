import { saidId } from '../../protocol/say.ts';
import { asideAlertId } from '../../state/batches.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Task } from '../../state/tasks.ts';
import { backFacts, canTake, roundsOf } from '../../tasks/returned.ts';
import { fitInstruction } from '../../text/conflict-instruction.ts';
import type { DaemonServices } from '../services.ts';
import { asideFacts, quietAsideFacts, type SetAside } from './set-aside.ts';

/** So many characters of what a gate printed are told. */
const KEPT_OUTPUT = 4000;

/** The task whose work may go back by itself; undefined where a person has to look at it. */
const mayGoBack = ({ settings }: DaemonServices, state: State, { task: id, reason }: SetAside): Task | undefined => {
  const { send_back: isOn, send_back_rounds: most } = settings.integration;
  const task = state.tasks[id];
  const isAbout = reason === 'conflict' || reason === 'gate';
  if (!isOn || !isAbout || task?.state !== 'done' || !task.run || roundsOf(state, id) >= most) return undefined;
  return Object.values(state.instances).some(canTake) ? task : undefined;
};

/** What the gate printed that set a task aside, its end. */
export const printedFor = async ({ store, home }: DaemonServices, id: string, aside: SetAside): Promise<string> => {
  if (aside.reason !== 'gate') return '';
  const check = store.state.batches[id]!.checks.findLast((one) => one.task === aside.task && one.problem !== null);
  const text = check?.log === undefined ? null : await home.files.readText(check.log).catch(() => null);
  return (text ?? '').slice(-KEPT_OUTPUT);
};

/** The facts that set a task aside and, where that is wanted, have its author make it fit. */
export const asideOrBackFacts = (
  services: DaemonServices,
  state: State,
  batchId: string,
  { aside, printed }: { readonly aside: SetAside; readonly printed: string },
): EventDraft[] => {
  const batch = state.batches[batchId]!;
  const task = mayGoBack(services, state, aside);
  const text = task && fitInstruction(state, batch, aside, printed);
  if (!task || text === undefined) return asideFacts(state, batchId, aside);
  const author = task.run!.instance;
  const to = canTake(state.instances[author]) ? author : null;
  const commit = task.run!.result!.head_commit;
  return [
    ...quietAsideFacts(state, batchId, { ...aside, commit }),
    ...backFacts(state, { batch, task, text, by: batchId }, to),
    {
      type: 'alert.raised',
      data: {
        id: asideAlertId(task.id),
        severity: 'info',
        text: `${task.id} goes back from ${batchId} to ${to ?? 'whoever takes it'}: ${aside.message}`,
        suggestion: `show task ${saidId(task.id)}`,
        instance: to,
        task: task.id,
      },
    },
  ];
};
