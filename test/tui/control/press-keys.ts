import { handleInput } from '../../../src/tui/control/handle-input.ts';
import type { Effect, KeyContext } from '../../../src/tui/control/key.ts';
import type { InputEvent } from '../../../src/tui/input/decoder.ts';
import type { ScreenState } from '../../../src/tui/model/screen-state.ts';
import { keyContext } from './key-context.ts';

export const key = (name: string): InputEvent => ({ kind: 'key', key: name });
export const text = (typed: string): InputEvent => ({ kind: 'text', text: typed });
export const paste = (pasted: string): InputEvent => ({ kind: 'paste', text: pasted });

/** The view after these events, and what they asked of the world. */
export const pressAll = (
  screen: ScreenState,
  events: readonly InputEvent[],
  context: KeyContext = keyContext(),
): { readonly screen: ScreenState; readonly effects: readonly Effect[] } => {
  const effects: Effect[] = [];
  const last = events.reduce((now, event) => {
    const result = handleInput(now, event, context);
    effects.push(...result.effects);
    return result.screen;
  }, screen);
  return { screen: last, effects };
};
