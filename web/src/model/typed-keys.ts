import { LONGEST_TYPED_TEXT, type TypedEvent } from '../../../src/web/wire.ts';

/** What a browser tells of a key that was pressed. */
export type Pressed = {
  readonly key: string;
  /** The place of the key on the keyboard. */
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly metaKey: boolean;
  /** Whether AltGr is held, with which keyboards have more characters. */
  readonly isAltGraph: boolean;
};

/** A browser's event of a key, as far as it is read. */
export type KeyTold = Omit<Pressed, 'isAltGraph'> & {
  readonly isComposing: boolean;
  readonly keyCode: number;
  getModifierState(name: string): boolean;
};

/** The number of every key that an input method takes; Safari says nothing else of the Enter that ends a word. */
const TAKEN = 229;

/** Reads an event of a key; null where an input method has taken it. */
export const pressedIn = (told: KeyTold, platform: string): Pressed | null => {
  const { key, code, ctrlKey, altKey, shiftKey, metaKey } = told;
  if (told.isComposing || told.keyCode === TAKEN) return null;
  // Option makes signs as AltGr does elsewhere, and not every browser says so.
  const isOption = altKey && !ctrlKey && /^(?:Mac|iP)/u.test(platform);
  const isAltGraph = isOption || told.getModifierState('AltGraph');
  return { key, code, ctrlKey, altKey, shiftKey, metaKey, isAltGraph };
};

const NAMES: ReadonlyMap<string, string> = new Map([
  ['Enter', 'enter'],
  ['Tab', 'tab'],
  ['Backspace', 'backspace'],
  ['Escape', 'esc'],
  ['ArrowUp', 'up'],
  ['ArrowDown', 'down'],
  ['ArrowLeft', 'left'],
  ['ArrowRight', 'right'],
  ['Home', 'home'],
  ['End', 'end'],
  ['PageUp', 'pageup'],
  ['PageDown', 'pagedown'],
  ['Delete', 'delete'],
  ['Insert', 'insert'],
]);

/** The name by which it is written on a page how the keyboard is given back: the chord of the screen. */
export const CHORD = 'Ctrl-]';

/** Whether a key gives the keyboard back. Escape does not: agents have that one. */
export const isChord = ({ key, code, ctrlKey, altKey, metaKey }: Pressed): boolean =>
  ctrlKey && !altKey && !metaKey && (key === ']' || (code === 'BracketRight' && key !== '+'));

/** The sign on a key that is pressed with Ctrl or Alt; other alphabets have their letters on the same keys. */
const signOf = ({ key, code }: Pressed): string | null => {
  if (key === ' ') return 'space';
  if (/^[!-~]$/u.test(key)) return key;
  return /^[^ -~]$/u.test(key)
    ? (/^Key(?<letter>[A-Z])$/u.exec(code)?.groups?.['letter']?.toLowerCase() ?? null)
    : null;
};

const chordOf = (pressed: Pressed): string | null => {
  const { ctrlKey, altKey, shiftKey, isAltGraph } = pressed;
  if (isAltGraph || !(ctrlKey || altKey)) return null;
  // Alt makes other characters of letters on some keyboards: those are text.
  if (!ctrlKey && !/^[ -~]$/u.test(pressed.key)) return null;
  const sign = signOf(pressed);
  // With Shift and Ctrl, and with Ctrl-V, browsers copy and paste.
  if (sign === null || (ctrlKey && (shiftKey || sign.toLowerCase() === 'v'))) return null;
  return `${ctrlKey ? 'ctrl+' : ''}${altKey ? 'alt+' : ''}${ctrlKey ? sign.toLowerCase() : sign}`;
};

/** The name of a key that goes to the agent as a key; null for what becomes text, and for what is the browser's. */
export const typedKey = (pressed: Pressed): string | null => {
  const { key, ctrlKey, altKey, shiftKey, metaKey } = pressed;
  if (metaKey) return null;
  const name = NAMES.get(key) ?? (/^F(?:[1-9]|1[0-2])$/u.test(key) ? key.toLowerCase() : undefined);
  if (name === undefined) return chordOf(pressed);
  // That pastes.
  if (name === 'insert' && shiftKey) return null;
  return `${ctrlKey ? 'ctrl+' : ''}${altKey ? 'alt+' : ''}${shiftKey ? 'shift+' : ''}${name}`;
};

/** A text that is longer than goes at once in pieces, none of which ends within a character. */
const PIECES = new RegExp(`[^]{1,${LONGEST_TYPED_TEXT / 2}}`, 'gu');

/** Text as it came from a keyboard, of a phone too: the ends of its lines are Enter. */
export const typedText = (text: string): readonly TypedEvent[] =>
  text.split(/\r\n|[\r\n]/u).flatMap((line, i): TypedEvent[] => {
    const words = line.replace(/[\u0000-\u001F\u007F-\u009F]/gu, '').toWellFormed();
    return [
      ...(i > 0 ? [{ kind: 'key', key: 'enter' } as const] : []),
      ...(words.match(PIECES) ?? []).map((piece) => ({ kind: 'text', text: piece }) as const),
    ];
  });

/** What was pasted; null where it is longer than goes at once. */
export const pastedText = (text: string): readonly TypedEvent[] | null => {
  if (text.length > LONGEST_TYPED_TEXT) return null;
  return text === '' ? [] : [{ kind: 'paste', text: text.toWellFormed() }];
};
