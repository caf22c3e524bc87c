import { saidId } from '../protocol/say.ts';
import { asideAlertId, type Batch } from '../state/batches.ts';
import type { EventDraft } from '../state/index.ts';

type Aside = Pick<Batch['set_aside'][number], 'task' | 'reason' | 'message'>;

/** The fact that tells of a task that a batch has set aside. */
export const asideAlertFact = (batch: string, { task, reason, message }: Aside): EventDraft => ({
  type: 'alert.raised',
  data: {
    id: asideAlertId(task),
    severity: 'warning',
    text: `${task} was set aside from ${batch}: ${message}`,
    suggestion: reason === 'conflict' ? `show conflict ${saidId(task)}` : `show integration ${batch}`,
    instance: null,
    task,
  },
});
