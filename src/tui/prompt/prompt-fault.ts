import { promptCommands } from './prompt-script.ts';
import { isPromptUsed, type PromptState } from './prompt-state.ts';
import { type Line, lineOf } from './prompt-text.ts';

/** A part of a text that is at fault, by where it begins and ends. */
type Part = { readonly from: number; readonly to: number };

/** The line with its cursor behind the word that a refusal names of this part of it, else behind the part. */
export const lineAtFault = (text: string, message: string, { from, to }: Part = { from: 0, to: text.length }): Line => {
  const fault = /[“"](?<word>[^”"]+)[”"]/u.exec(message)?.groups?.['word'];
  const at = fault === undefined ? -1 : text.slice(from, to).indexOf(fault);
  const end = at < 0 ? to : from + at + fault!.length;
  return lineOf(text.slice(0, end), text.slice(end));
};

/**
 * The line with a command that was refused in it again, and with those of its script that were kept back behind it. What
 * was not typed here, or is followed by something that was typed since, stays where it is.
 */
export const withRefused = (
  prompt: PromptState,
  command: string,
  { message, queued }: { readonly message: string; readonly queued: readonly string[] },
): PromptState => {
  if (isPromptUsed(prompt)) return prompt;
  const entered = prompt.history.at(-1) ?? '';
  const left = [command, ...queued];
  const typed = promptCommands(entered).slice(-left.length);
  const isTyped = queued.length === 0 && entered === command.trim();
  if (!isTyped && (typed.length < left.length || typed.some((one, i) => one.text !== left[i]))) return prompt;
  return { ...prompt, ...lineAtFault(left.join('\n'), message, { from: 0, to: command.length }) };
};
