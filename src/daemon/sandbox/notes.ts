import { z } from 'zod';
import { saidId } from '../../protocol/say.ts';
import type { EventDraft, State } from '../../state/index.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';

export const noteSchema = z.object({
  severity: z.enum(['info', 'warning']),
  /** A sentence without its end. */
  text: z.string(),
  /** The command that helps, where another one does than to look at the instance. */
  suggestion: z.string().optional(),
});
/** What a person is to know of how a program is shut in, or is not. */
export type Note = z.infer<typeof noteSchema>;

/** The facts that tell a person all of it, or that there is nothing to tell any more. */
export const sandboxFacts = (state: State, id: string, notes: readonly Note[]): EventDraft[] => {
  if (notes.length === 0) return clearAlertFacts(state, `sandbox:${id}`, 'started again');
  const suggestion = notes.find((note) => note.suggestion !== undefined)?.suggestion;
  return [
    {
      type: 'alert.raised',
      data: {
        id: `sandbox:${id}`,
        severity: notes.some((note) => note.severity === 'warning') ? 'warning' : 'info',
        ...{ text: notes.map(({ text }) => text).join('. '), suggestion: suggestion ?? `show instance ${saidId(id)}` },
        ...{ instance: id, task: null },
      },
    },
  ];
};
