/** Help is read in terminals of the smallest usual width. */
const HELP_COLUMNS = 80;

/** The words in lines of at most so many columns; those after the first begin under the column `indent`. */
export const fold = (text: string, indent: number, first = ''): string => {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text.split(' ')) {
    if (!empty && line.length + 1 + word.length > HELP_COLUMNS) {
      lines.push(line);
      line = ' '.repeat(indent) + word;
    } else line = empty ? line + word : `${line} ${word}`;
    empty = false;
  }
  return [...lines, line].join('\n');
};

/** Terms and what they mean, in two columns. */
export const definitions = (rows: readonly (readonly [term: string, text: string])[], indent = 2): string[] => {
  const width = Math.min(30, Math.max(0, ...rows.map(([term]) => term.length)));
  return rows.map(([term, text]) => {
    const head = `${' '.repeat(indent)}${term.padEnd(width)}  `;
    return fold(text, indent + width + 2, head).trimEnd();
  });
};

/** Lines with a label in front of each. */
export const labelLines = (rows: readonly (readonly [label: string, text: string])[]): string[] =>
  rows.map(([label, text]) => fold(text, 15, `  ${`${label}:`.padEnd(13)}`.replace(/^ {2}:/u, '   ')));
