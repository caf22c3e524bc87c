import type { EventDraft, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import type { Recovery } from '../../state/recovery.ts';
import type { Task } from '../../state/tasks.ts';
import { type Broken, type RecoveryRules, recoveryOf, recoveryRulesIn } from '../../tasks/recovery.ts';
import type { DaemonServices } from '../services.ts';
import { instanceAlert } from './alert-facts.ts';
import { runningTask } from './running-task.ts';

/** What holds for programs that fail in the middle of a run, and the time in so many milliseconds. */
export type RecoveryContext = { readonly rules: RecoveryRules; readonly later: (ms: number) => string };

export const recoveryContextOf = (services: Pick<DaemonServices, 'settings' | 'now'>): RecoveryContext => ({
  rules: recoveryRulesIn(services.settings),
  later: (ms) => new Date(Date.parse(services.now()) + ms).toISOString(),
});

/** The run whose program failed, and how it goes on; `recovery` is undefined where nothing is done by itself. */
type BrokenRun = { readonly task: Task; readonly recovery: Recovery | undefined };

export const brokenRunOf = (
  state: State,
  instance: Instance,
  broken: Broken,
  recoveryContext: RecoveryContext | undefined,
): BrokenRun | undefined => {
  const task = runningTask(state, instance);
  return task && { task, recovery: recoveryContext && recoveryOf(instance, task.id, broken, recoveryContext) };
};

/** The facts about a run whose program failed: it is kept for its next try, or it ends. */
export const runRecoveryFacts = (instance: Instance, run: BrokenRun | undefined, broken: Broken): EventDraft[] => {
  if (!run) return [];
  const { task, recovery } = run;
  if (recovery) return [{ type: 'instance.recovery_planned', data: { instance_id: instance.instance_id, recovery } }];
  const { class: kind, message } = broken;
  return [{ type: 'run.failed', data: { id: task.id, failure: { class: kind, message } } }];
};

const prospectOf = (task: string, { next, due, tries, most, class: kind }: Recovery): string => {
  const count = `${tries} of ${most}`;
  if (next === 'restart') return `it failed at ${task}, ${count}, and is started again by itself at ${due}`;
  if (next === 'person') return `${task} waits for it`;
  return kind === 'drover' || tries < most
    ? `${task} is taken from it`
    : `it failed at ${task}, ${count}, and is given up`;
};

/** The alert about an instance that has failed: quiet while something is done about it by itself. */
export const brokenInstanceAlert = (
  id: string,
  text: string,
  run: BrokenRun | undefined,
  about: 'instance' | 'stuck' = 'instance',
): EventDraft => {
  const { task, recovery } = run ?? {};
  if (!task || !recovery) return instanceAlert(id, text, { about });
  const severity = { restart: 'info', person: 'warning' } as const;
  return instanceAlert(id, `${text}; ${prospectOf(task.id, recovery)}`, {
    about,
    severity: recovery.next === 'restart' || recovery.next === 'person' ? severity[recovery.next] : 'error',
  });
};
