import { behaviour } from './options.ts';

/** A key, a letter, or a whole paste. */
export type Key = 'Up' | 'Down' | 'Enter' | 'Escape' | 'C-u' | 'Backspace' | { readonly text: string };

const NAMES: Readonly<Record<string, Key>> = {
  '\u001B[A': 'Up',
  '\u001B[B': 'Down',
  '\u001BOA': 'Up',
  '\u001BOB': 'Down',
  '\r': 'Enter',
  '\u001B': 'Escape',
  '\u0015': 'C-u',
  '\u007F': 'Backspace',
};

const PIECES =
  /\u001B\[200~(?<paste>[\s\S]*?)\u001B\[201~|\u001B(?:\[[\d;]*[A-Za-z~]|O[A-Z])|\u001B|[\r\u0015\u007F]|[^\u001B\r\u0000-\u001F\u007F]+|[\s\S]/gu;

const keysIn = (text: string): readonly Key[] =>
  [...text.matchAll(PIECES)].flatMap((match): Key[] => {
    const { paste } = match.groups!;
    if (paste !== undefined) return [{ text: paste }];
    const [piece] = match;
    if (Object.hasOwn(NAMES, piece)) return [NAMES[piece]!];
    return piece >= ' ' ? [{ text: piece }] : [];
  });

/** Hears keys; a Down that comes too soon after another key is swallowed. */
export const hearKeys = (onKey: (key: Key) => void): void => {
  let last = 0;
  process.stdin.setRawMode(true);
  process.stdout.write('\u001B[?2004h');
  process.stdin.setEncoding('utf8').on('data', (text) => {
    for (const key of keysIn(String(text))) {
      const now = performance.now();
      const isTooSoon = key === 'Down' && now - last < behaviour.swallowMs;
      last = now;
      if (!isTooSoon) onKey(key);
    }
  });
};
