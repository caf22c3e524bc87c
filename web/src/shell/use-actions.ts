import { createContext, use } from 'react';
import type { Reply } from '../../../src/ports/swarm.ts';
import type { View } from '../model/route.ts';

/** What parts of the page can have done. Whatever changes the swarm is a line of the language. */
export type Actions = {
  /** Says a line, asks where it has to be confirmed, and shows the answer; resolves with it, null when nothing was done. */
  readonly run: (line: string, options?: { readonly quiet?: boolean }) => Promise<Reply | null>;
  /** Puts a line into the command box, the cursor where words of one's own belong. */
  readonly fill: (line: string) => void;
  readonly go: (view: View, subject?: string | null) => void;
  /** Why a line may not be said now; null when it may. */
  readonly refusal: (line: string) => string | null;
};

export const ActionsContext = createContext<Actions | null>(null);

export const useActions = (): Actions => {
  const actions = use(ActionsContext);
  if (!actions) throw new Error('There is nobody around this part of the page who acts.');
  return actions;
};
