import { handleInput } from '../../../src/tui/control/handle-input.ts';
import type { Effect, KeyContext } from '../../../src/tui/control/key.ts';
import { type InputEvent, makeDecoder } from '../../../src/tui/input/decoder.ts';
import type { ScreenState } from '../../../src/tui/model/screen-state.ts';
import { keyContext } from '../control/key-context.ts';
/** The view and the effects after a person has typed this. */
export const typeInto = (screen: ScreenState, text: string, context: KeyContext = keyContext()) => {
  const decoder = makeDecoder();
  const events: readonly InputEvent[] = [...decoder.feed(new TextEncoder().encode(text)), ...decoder.flush()];
  const effects: Effect[] = [];
  const last = events.reduce((now, event) => {
    const result = handleInput(now, event, context);
    effects.push(...result.effects);
    return result.screen;
  }, screen);
  const typed = effects.map((effect) => (effect.kind === 'type' ? effect.event.raw : `<${effect.kind}>`)).join('');
  return { screen: last, typed };
};
