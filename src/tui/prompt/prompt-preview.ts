import type { TuiOptions } from '../app/options.ts';
import type { Hint } from '../../ports/hint.ts';
import { ghostOf } from './prompt-ghost.ts';
import { scriptOf } from './prompt-script.ts';
import { type PromptState, promptText } from './prompt-state.ts';

/** What leaves the screen where it stands behind a colon, in vim and in k9s; it is no command. */
const LEAVING: ReadonlySet<string> = new Set(['q', 'q!']);

/** Whether a line leaves the screen instead of saying a command. */
export const isLeaving = (text: string): boolean => LEAVING.has(text.trim());

/** What the commands of a text, which may be of several lines, would do. */
export const hintOf = (text: string, hint: TuiOptions['hint']): Hint => {
  if (isLeaving(text)) return { kind: 'ok', says: 'leaves the screen; the agents go on' };
  const script = scriptOf(text, hint);
  if (script.kind === 'one') return hint(script.text);
  if (script.kind === 'wrong') return { kind: 'error', message: `${script.line}: ${script.message}` };
  const { commands } = script;
  return { kind: 'ok', says: `runs ${commands.length} commands: ${commands.join('; ')}`, asks: 'before the first' };
};

/** What the command being typed would do, and the text that most likely follows it. */
export const previewPrompt = (
  prompt: PromptState,
  { hint, complete }: Pick<TuiOptions, 'hint' | 'complete'>,
): { readonly hint: Hint | null; readonly ghost: string } => {
  const text = promptText(prompt);
  return { hint: text.trim() === '' ? null : hintOf(text, hint), ghost: ghostOf(prompt, complete) };
};
