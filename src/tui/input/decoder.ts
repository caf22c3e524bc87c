import { backgroundIn } from '../theme/background.ts';
import { escapeSequence } from './escape-sequence.ts';
import { type MouseReport, mouseReport } from './mouse-report.ts';

/** A key, a text or a report of the terminal. `key` is a name such as `enter`, `up`, `ctrl+c`, `alt+b`. */
type Meaning =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'paste'; readonly text: string }
  | MouseReport
  /** A sequence that means nothing to the screen; to an agent it may. */
  | { readonly kind: 'other' }
  /** The terminal has shown everything that was sent before it was asked. */
  | { readonly kind: 'shown' }
  /** The colour of the terminal's background, 0xrrggbb. */
  | { readonly kind: 'background'; readonly rgb: number };

/** An event with the bytes that the terminal sent for it, `raw`: those are what an agent gets that is typed into. */
export type InputEvent = Meaning & { readonly raw?: string };

/** Reads bytes in pieces of any size; a key is never lost, split or joined, wherever a piece ends. */
type Decoder = {
  feed(bytes: Uint8Array): readonly InputEvent[];
  /** What the bytes that are held may become: only waiting tells a lone Escape from a sequence. */
  readonly pending: 'nothing' | 'escape' | 'sequence';
  /** Takes the bytes that are held for what they are so far. */
  flush(): readonly InputEvent[];
};

const PASTE_START = '200~';
const PASTE_BEGIN = '\u001B[200~';
const PASTE_END = '\u001B[201~';
const LONGEST_PASTE = 1 << 20;

const CONTROL_KEYS: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\u007F': 'backspace',
  '\b': 'backspace',
  '\u0000': 'ctrl+space',
  '\u001C': 'ctrl+\\',
  '\u001D': 'ctrl+]',
  '\u001E': 'ctrl+^',
  '\u001F': 'ctrl+_',
};

const controlKey = (character: string): string =>
  CONTROL_KEYS[character] ?? `ctrl+${String.fromCharCode(character.charCodeAt(0) + 0x60)}`;

// Everything up to the next control character is text.
const TEXT = /^[^\u0000-\u001F\u007F]+/u;

type Step = { readonly used: number; readonly event?: Meaning; readonly paste?: boolean } | 'incomplete';

const step = (buffer: string, final: boolean): Step => {
  const text = TEXT.exec(buffer)?.[0];
  if (text !== undefined) {
    // C1 controls are no text, and no key either.
    const clean = text.replace(/[\u0080-\u009F]/gu, '');
    return clean === '' ? { used: text.length } : { used: text.length, event: { kind: 'text', text: clean } };
  }
  if (buffer[0] !== '\u001B') return { used: 1, event: { kind: 'key', key: controlKey(buffer[0]!) } };
  const found = escapeSequence(buffer, final);
  if (found === 'incomplete') return found;
  if (found.name === PASTE_START) return { used: found.length, paste: true };
  if (found.name === 'shown') return { used: found.length, event: { kind: 'shown' } };
  if (found.name === null) {
    const sequence = buffer.slice(0, found.length);
    const rgb = backgroundIn(sequence);
    const event: Meaning =
      rgb === undefined ? (mouseReport(sequence) ?? { kind: 'other' }) : { kind: 'background', rgb };
    return { used: found.length, event };
  }
  if (found.name === 'alt') {
    const [next = ''] = buffer.slice(1);
    const plain = next < ' ' || next === '\u007F' ? controlKey(next) : next;
    return { used: 1 + next.length, event: { kind: 'key', key: `alt+${plain}` } };
  }
  return { used: found.length, event: { kind: 'key', key: found.name } };
};

export const makeDecoder = (): Decoder => {
  const utf8 = new TextDecoder('utf-8');
  let buffer = '';
  let pasting = false;

  /** Takes a paste's text off the buffer, or nothing before its end is there. */
  const takePaste = (): readonly InputEvent[] | undefined => {
    const end = buffer.indexOf(PASTE_END);
    if (end < 0 && buffer.length < LONGEST_PASTE) return undefined;
    const text = end < 0 ? buffer : buffer.slice(0, end);
    buffer = end < 0 ? '' : buffer.slice(end + PASTE_END.length);
    pasting = end < 0;
    return [{ kind: 'paste', text, raw: PASTE_BEGIN + text + PASTE_END }];
  };

  /** Takes one key or one sequence off the buffer; undefined before all of it is there. */
  const takeStep = (final: boolean): readonly InputEvent[] | undefined => {
    const taken = step(buffer, final);
    if (taken === 'incomplete') return undefined;
    const raw = buffer.slice(0, taken.used);
    buffer = buffer.slice(taken.used);
    pasting = taken.paste ?? false;
    return taken.event ? [{ ...taken.event, raw }] : [];
  };

  const drain = (final: boolean): InputEvent[] => {
    const events: InputEvent[] = [];
    while (buffer !== '') {
      const taken = pasting ? takePaste() : takeStep(final);
      if (!taken) break;
      events.push(...taken);
    }
    return events;
  };

  return {
    feed: (bytes) => {
      buffer += utf8.decode(bytes, { stream: true });
      return drain(false);
    },
    get pending() {
      if (buffer === '' || pasting) return 'nothing';
      return buffer.length === 1 ? 'escape' : 'sequence';
    },
    flush: () => drain(true),
  };
};
