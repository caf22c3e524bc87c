import type { TuiOptions } from '../app/options.ts';
import type { Hint } from './hint.ts';
import { ghostOf } from './prompt-ghost.ts';
import { scriptOf } from './prompt-script.ts';
import { type PromptState, promptText } from './prompt-state.ts';

/** What a text would do that may be of several lines. */
const hintOf = (text: string, hint: TuiOptions['hint']): Hint => {
  const script = scriptOf(text, hint);
  if (script.kind === 'one') return hint(script.text);
  if (script.kind === 'wrong') return { kind: 'error', message: `${script.line}: ${script.message}` };
  const { commands } = script;
  return { kind: 'ok', says: `runs ${commands.length} commands: ${commands.join('; ')}`, asks: 'before the first' };
};

/** What is known of the command being typed: what it would do, and what it would most likely go on with. */
export const previewPrompt = (
  prompt: PromptState,
  { hint, complete }: Pick<TuiOptions, 'hint' | 'complete'>,
): { readonly hint: Hint | null; readonly ghost: string } => {
  const text = promptText(prompt);
  return { hint: text.trim() === '' ? null : hintOf(text, hint), ghost: ghostOf(prompt, complete) };
};
