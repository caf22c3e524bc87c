/** What a program prints for its terminal and not for people: the number and the text of an OSC sequence. */
export type Osc = { readonly code: number; readonly text: string };

/** What an OSC sequence says of its program: it works, a dialog of it waits for a person, or it does nothing. */
export type OscState = 'working' | 'asks' | 'rests';

// An escape or a line feed inside of a sequence would be a sign that it was cut.
const SEQUENCE = /\u001B\](?<code>\d{1,5});(?<text>[^\u0007\u001B\n]*)(?:\u0007|\u001B\\)/gu;
const BEGINS = '\u001B]';
/** A sequence of more characters is none that anybody reads. */
const LONGEST = 1000;

/** Finds OSC sequences in what is printed, piece by piece: one may be spread over several pieces. */
export const makeOscReader = (): ((piece: string) => Osc[]) => {
  let rest = '';
  return (piece) => {
    const text = rest + piece;
    const found = [...text.matchAll(SEQUENCE)];
    const last = found.at(-1);
    const from = last === undefined ? 0 : last.index + last[0].length;
    const begun = text.lastIndexOf(BEGINS);
    // The first letter of one may be the last of a piece.
    const open = begun >= from ? begun : text.endsWith('\u001B') ? text.length - 1 : text.length;
    rest = text.slice(open);
    if (rest.length > LONGEST) rest = '';
    return found.map(({ groups }) => ({ code: Number(groups!['code']), text: groups!['text']! }));
  };
};

/** Reads the state that Codex tells terminals, `state=working:app=codex`. */
export const readCodexOsc = ({ code, text }: Osc): OscState | undefined => {
  if (code !== 7501) return undefined;
  const state = /(?:^|:)state=(?<state>\w+)/u.exec(text)?.groups?.['state'] ?? '';
  if (state === 'working') return 'working';
  if (state === 'blocked') return 'asks';
  return ['idle', 'done', 'error'].includes(state) ? 'rests' : undefined;
};

/** Reads the sign that Gemini CLI puts before its title. */
export const readGeminiOsc = ({ code, text }: Osc): OscState | undefined => {
  if (code !== 0 && code !== 2) return undefined;
  if (/^[✦⏲]/u.test(text)) return 'working';
  if (text.startsWith('✋')) return 'asks';
  return text.startsWith('◇') ? 'rests' : undefined;
};
