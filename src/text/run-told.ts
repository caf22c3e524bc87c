import type { AppEvent, State } from '../state/index.ts';
import { isUncheckedResult } from '../tasks/select.ts';

type Fact<Type extends AppEvent['type']> = Extract<AppEvent, { type: Type }>;
export type RunFact = Fact<'run.progressed' | 'run.claimed' | 'run.verified' | 'run.failed'>;

/** The instance whose run an event about a task tells of: the one that had begun it last by then. */
const workerOf = ({ tasks }: State, { at, data: { id } }: Pick<RunFact, 'at' | 'data'>): string => {
  const { run = null, history = [], assignee = null } = tasks[id] ?? {};
  const runs = [...history, ...(run ? [run] : [])];
  return (runs.findLast(({ started_at }) => started_at <= at) ?? run)?.instance ?? assignee ?? '?';
};

export type RunTold = {
  readonly who: string;
  readonly task: string;
  /** What is said of the task, or by whoever works on it: `reports done`, `is verified`. */
  readonly what: string;
  /** What they said to it; null where they said nothing. */
  readonly text: string | null;
  readonly tone: 'note' | 'plain' | 'good' | 'unsure' | 'bad';
};

/** What an event about a run says, for people. */
export const runTold = (event: RunFact, state: State): RunTold => {
  const run = { who: workerOf(state, event), task: event.data.id };
  switch (event.type) {
    case 'run.progressed':
      return { ...run, what: `reports ${event.data.progress}%`, text: event.data.note, tone: 'note' };
    case 'run.claimed':
      return { ...run, what: 'reports done', text: event.data.summary, tone: 'plain' };
    case 'run.verified':
      return isUncheckedResult(event.data.result)
        ? { ...run, what: 'is done, unchecked', text: null, tone: 'unsure' }
        : { ...run, what: 'is verified', text: null, tone: 'good' };
    case 'run.failed': {
      const { class: kind, message } = event.data.failure;
      return { ...run, what: `failed (${kind})`, text: message, tone: 'bad' };
    }
  }
};
