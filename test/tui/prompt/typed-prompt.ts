import type { InputEvent } from '../../../src/tui/input/decoder.ts';
import { initialScreen } from '../../../src/tui/model/screen-state.ts';
import type { Hint } from '../../../src/ports/hint.ts';
import { ghostOf } from '../../../src/tui/prompt/prompt-ghost.ts';
import { promptText } from '../../../src/tui/prompt/prompt-state.ts';
import { IDS, keyContext } from '../control/key-context.ts';
import { pressAll } from '../control/press-keys.ts';

const HISTORY = ['launch 3 instances', 'status', 'stop rehearsal-1 graceful'];

const WORDS = ['launch', 'list', 'stop', 'status'];

/** Knows a few verbs, and one that is not whole. */
const hint = (line: string): Hint =>
  /^(?:list|status|launch|stop|tell) ?/u.test(line)
    ? { kind: 'ok', says: line }
    : line === 'answ'
      ? { kind: 'incomplete', expects: [] }
      : { kind: 'error', message: 'Unknown verb.' };

/** A few words to complete, and a few verbs. */
export const context = keyContext({
  hint,
  complete: (typed) =>
    WORDS.filter((word) => word.startsWith(/\S*$/u.exec(typed)![0])).map((word) => ({ word, help: `to ${word}` })),
});

/** A screen with some commands in its history. */
export const start = initialScreen(IDS, HISTORY);

/** The screen after these keys in the command line, what they ask, and the line with its ghost. */
export const pressInPrompt = (...events: readonly InputEvent[]) => {
  const { screen, effects } = pressAll(start, events, context);
  return { screen, effects, line: promptText(screen.prompt), ghost: ghostOf(screen.prompt, context.complete) };
};

/** The effect of a command that is run. */
export const ran = (line: string) => ({ kind: 'run', text: line });
