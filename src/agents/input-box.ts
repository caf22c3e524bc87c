/**
 * The text of a screen without what only draws: blanks and the lines of boxes. Programs may join a letter and its accent.
 */
const squeeze = (text: string): string => text.normalize('NFC').replaceAll(/[\s│┃|]+/gu, '');

/** What a pen that draws an empty box looks like: dim text, and an inverted letter under the cursor before it. */
type Pen = { dim: boolean; inverse: boolean };

/** The attributes of a terminal's SGR sequence (ECMA-48) that say how an empty box is drawn. */
const ATTRIBUTES: Readonly<Record<number, Partial<Pen>>> = {
  0: { dim: false, inverse: false },
  2: { dim: true },
  22: { dim: false },
  7: { inverse: true },
  27: { inverse: false },
};

const penAfter = (pen: Pen, codes: string): Pen => {
  let next = pen;
  const list = codes.split(';').map(Number);
  for (let at = 0; at < list.length; at += 1) {
    const code = list[at]!;
    // A colour's own numbers are no attributes.
    if (code === 38 || code === 48) at += list[at + 1] === 5 ? 2 : 4;
    else next = { ...next, ...ATTRIBUTES[code] };
  }
  return next;
};

const ESCAPES = /\u001B(?:\[(?<codes>[\d;:]*)m|\[[\d;?]*[A-Za-z]|[()][A-Z0-9]|\][^\u0007\u001B]*(?:\u0007|\u001B\\))/gu;

/**
 * The text of a screen without what a program suggests in dim letters, of which the first is inverted because the cursor
 * stands there. A screen without styles stays as it is.
 */
export const typedText = (screen: string): string => {
  let pen: Pen = { dim: false, inverse: false };
  let from = 0;
  let text = '';
  const add = (piece: string): void => {
    if (!pen.dim) text += piece;
    else text += piece.replaceAll(/[^\n]/gu, '');
  };
  for (const match of screen.matchAll(ESCAPES)) {
    const before = pen;
    const piece = screen.slice(from, match.index);
    add(piece);
    from = match.index + match[0].length;
    if (match.groups?.['codes'] === undefined) continue;
    pen = penAfter(pen, match.groups['codes']);
    // One inverted letter right before dim ones belongs to them.
    if (pen.dim && before.inverse && !before.dim && [...piece].length === 1) text = text.slice(0, -piece.length);
  }
  add(screen.slice(from));
  return text;
};

/**
 * What stands in the input box of an agent's screen: the lines from the last one that begins with its prompt sign to the
 * line that closes the box. Empty when the box is empty, undefined when the screen shows no box.
 */
export const boxReader =
  (sign: RegExp, close: RegExp) =>
  (screen: string): string | undefined => {
    const lines = typedText(screen).trimEnd().split('\n');
    const from = lines.findLastIndex((line) => sign.test(line));
    if (from < 0) return undefined;
    const to = lines.findIndex((line, at) => at > from && close.test(line));
    if (to < 0) return undefined;
    const [first = '', ...rest] = lines.slice(from, to);
    return [first.replace(sign, ''), ...rest]
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .join('\n');
  };

/**
 * What is typed and not sent behind a prompt that has no box: the last line, where a beginning of it is a line with which the
 * program takes prompts (`ready`), and the whole is none. Undefined where nothing is, or nobody can tell.
 */
export const typedBehind =
  (ready: RegExp) =>
  (screen: string): string | undefined => {
    const line = typedText(screen).trimEnd().split('\n').at(-1) ?? '';
    if (ready.test(line)) return undefined;
    for (let end = 1; end < line.length; end += 1) {
      const prompt = line.slice(0, end);
      if (prompt.trim() !== '' && ready.test(prompt)) return line.slice(end).trim();
    }
    return undefined;
  };

/** Whether what stands in the box ends with a text, however the box wrapped it. */
export const endsWith = (box: string, text: string): boolean => {
  const whole = squeeze(box);
  const wanted = squeeze(text);
  return wanted !== '' && whole.endsWith(wanted.slice(-60));
};

/** Whether nothing but a text stands in the box, however the box wrapped it. */
export const isSame = (box: string, text: string): boolean => squeeze(box) === squeeze(text);

/** Whether what stands in the box is a beginning of a text, however the box wrapped it. */
export const beginsAs = (text: string, box: string): boolean => squeeze(text).startsWith(squeeze(box));
