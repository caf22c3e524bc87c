/** One line of a Markdown file. `start` is the index of its first character in the whole text. */
export type SpecLine = {
  readonly text: string;
  readonly start: number;
  /** 1-based, as editors count. */
  readonly line: number;
  /** Columns of white space in front, a tab reaching to the next multiple of four. */
  readonly indent: number;
  readonly kind: 'text' | 'code' | 'comment';
};

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const FENCE = /^[ \t]*(?:[-*+][ \t]+)?(?<mark>`{3,}|~{3,})(?<info>.*)$/u;

const indentOf = (text: string): number => {
  let columns = 0;
  for (const character of text) {
    if (character === ' ') columns += 1;
    else if (character === '\t') columns += 4 - (columns % 4);
    else break;
  }
  return columns;
};

const split = (text: string): Mutable<SpecLine>[] => {
  const lines: Mutable<SpecLine>[] = [];
  const ending = /\r\n|\n|\r/gu;
  let start = text.startsWith('\uFEFF') ? 1 : 0;
  for (;;) {
    ending.lastIndex = start;
    const found = ending.exec(text);
    const content = text.slice(start, found?.index ?? text.length);
    lines.push({ text: content, start, line: lines.length + 1, indent: indentOf(content), kind: 'text' });
    if (!found) return lines;
    start = found.index + found[0].length;
  }
};

/** A code block or a comment that begins in a line. */
type Block = {
  readonly kind: 'code' | 'comment';
  readonly mark: string;
  /** How many lines below the first one the end is looked for. */
  readonly offset: 0 | 1;
  readonly isEnd: (line: string) => boolean;
};

const blockAt = (line: string): Block | undefined => {
  const { mark, info } = FENCE.exec(line)?.groups ?? {};
  if (mark !== undefined && !(mark.startsWith('`') && info!.includes('`'))) {
    const isEnd = (other: string) => other.trim().startsWith(mark) && /^(?:`+|~+)$/u.test(other.trim());
    return { kind: 'code', mark, offset: 1, isEnd };
  }
  if (!line.trimStart().startsWith('<!--')) return undefined;
  return { kind: 'comment', mark: '<!--', offset: 0, isEnd: (other) => other.includes('-->') };
};

/** The lines of a text, told apart from code blocks and comments, whose content looks like tasks but is none. */
export const linesOf = (text: string): readonly SpecLine[] => {
  const lines = split(text);
  // Where no end was found once, later ones have none either: that keeps a file of broken fences linear.
  const endless = new Set<string>();
  const endOf = ({ mark, isEnd }: Block, from: number): number => {
    if (endless.has(mark)) return -1;
    for (let i = from; i < lines.length; i += 1) if (isEnd(lines[i]!.text)) return i;
    endless.add(mark);
    return -1;
  };
  for (let i = 0; i < lines.length; i += 1) {
    const block = blockAt(lines[i]!.text);
    const end = block ? endOf(block, i + block.offset) : -1;
    if (!block || end < 0) continue;
    for (; i < end; i += 1) lines[i]!.kind = block.kind;
    lines[end]!.kind = block.kind;
  }
  return lines;
};
