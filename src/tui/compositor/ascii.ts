const SINGLES: Readonly<Record<string, string>> = {
  '▰': '#',
  '▱': '.',
  '●': '*',
  '○': 'o',
  '◉': '@',
  '◌': '.',
  '◔': 'o',
  '◑': 'o',
  '◐': 'o',
  '◍': 'o',
  '◆': '*',
  '◇': 'o',
  '■': '#',
  '□': '_',
  '▪': '#',
  '▣': '#',
  '▢': '_',
  '▶': '>',
  '▸': '>',
  '▹': '>',
  '▾': 'v',
  '▼': 'v',
  '▲': '^',
  '◀': '<',
  '◂': '<',
  '❯': '>',
  '❮': '<',
  '›': '>',
  '‹': '<',
  '»': '>',
  '«': '<',
  '→': '>',
  '←': '<',
  '↑': '^',
  '↓': 'v',
  '↳': '>',
  '⏎': '<',
  '↵': '<',
  '✖': 'x',
  '✗': 'x',
  '×': 'x',
  '✔': '+',
  '✓': '+',
  '‖': '=',
  '⎇': '@',
  '⧖': '%',
  '⧗': '%',
  '⚠': '!',
  '⚡': '!',
  '≈': '~',
  '≤': '<',
  '≥': '>',
  '≠': '!',
  '…': '.',
  '·': '.',
  '•': '*',
  '‣': '*',
  '∙': '.',
  '–': '-',
  '—': '-',
  '−': '-',
  '‐': '-',
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '▁': '_',
  '▂': '_',
  '▃': '.',
  '▄': '-',
  '▅': '=',
  '▆': '+',
  '▇': '*',
  '°': 'o',
  '\u00A0': ' ',
  ß: 's',
};

const ACROSS = new Set('─━┄┅┈┉╌╍═╴╶╸╺╼╾');
const DOWN = new Set('│┃┆┇┊┋╎╏║╵╷╹╻╽╿');
// Bright patterns of dots, as spinners and plots are drawn with.
const isBraille = (code: number): boolean => code >= 0x2800 && code < 0x2900;
const isBox = (code: number): boolean => code >= 0x2500 && code < 0x2580;
const isBlock = (code: number): boolean => code >= 0x2580 && code < 0x25a0;

/** One character that every terminal has and that says nearly the same; `?` where there is none. */
export const asciiGlyph = (glyph: string): string => {
  const code = glyph.codePointAt(0)!;
  if (code < 0x7f) return glyph[0]!;
  const first = String.fromCodePoint(code);
  const single = SINGLES[first];
  if (single !== undefined) return single;
  if (ACROSS.has(first)) return '-';
  if (DOWN.has(first)) return '|';
  if (isBox(code)) return '+';
  if (isBlock(code)) return '#';
  if (isBraille(code)) return code === 0x2800 ? ' ' : '*';
  const base = first.normalize('NFKD')[0]!;
  return base > ' ' && base < '\u007F' ? base : '?';
};
