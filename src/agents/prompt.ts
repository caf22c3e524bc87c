import { oneLine } from '../lib/text.ts';

/**
 * The line that gives an agent its task. It begins with a word, because agents take a leading `!` or `/` for a
 * command, and is one short line, because longer input is taken for a paste that was written by someone else.
 */
export const taskPrompt = (task: { readonly id: string }, briefFile: string): string =>
  `Task ${oneLine(task.id)}: read ${oneLine(briefFile)} and do what it says.`;
