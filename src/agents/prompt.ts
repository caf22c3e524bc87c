import { oneLine } from '../lib/text.ts';

/**
 * The line that gives an agent its task. It begins with a word, because agents take a leading `!` or `/` for a
 * command, and is one short line, because longer input is taken for a paste that was written by someone else.
 */
export const taskPrompt = (task: { readonly id: string }, briefFile: string): string =>
  `Task ${oneLine(task.id)}: read ${oneLine(briefFile)} and do what it says.`;

/**
 * The line as no agent takes it for anything but words: `!` would run it as a command without a question, `/` as one of
 * its own, `#` and `@` open lists in which Enter chooses, and a backslash at the end makes a further line of Enter.
 */
export const asWords = (line: string): string => {
  const begun = /^\s*[!/#@$?&:]/u.test(line) ? `Message: ${line}` : line;
  return /(?:^|\s)[@#$]\S*$|\\$/u.test(begun) ? `${begun} ` : begun;
};
