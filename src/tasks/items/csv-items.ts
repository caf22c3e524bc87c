import { fieldOf, type Mistake, type ReadItems, readItems, unknownField } from './item.ts';

type Row = { readonly cells: readonly string[]; readonly line: number };

/** What a quoted cell holds whose content begins at `from`, where its last quote is, and whether it has one. */
const readQuoted = (text: string, from: number): { content: string; end: number; isClosed: boolean } => {
  let content = '';
  for (let at = from; at < text.length; at += 1) {
    if (text[at] !== '"') content += text[at];
    else if (text[at + 1] === '"') {
      content += '"';
      at += 1;
    } else return { content, end: at, isClosed: true };
  }
  return { content, end: text.length, isClosed: false };
};

const countLineFeeds = (text: string): number => text.split('\n').length - 1;

/** The rows of a table as RFC 4180 has them: a cell in quotes may hold separators, line feeds and doubled quotes. */
const rowsOf = (text: string, separator: string): { rows: Row[]; open: number | null } => {
  const rows: Row[] = [];
  let cells: string[] = [];
  let cell = '';
  let open: number | null = null;
  let line = 1;
  let first = 1;
  const endCell = () => {
    cells.push(cell);
    cell = '';
  };
  const endRow = () => {
    endCell();
    if (cells.some((one) => one.trim() !== '')) rows.push({ cells, line: first });
    cells = [];
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]!;
    if (character === '"' && cell.trim() === '') {
      const quoted = readQuoted(text, at + 1);
      if (!quoted.isClosed) open = line;
      cell = quoted.content;
      line += countLineFeeds(cell);
      at = quoted.end;
    } else if (character === separator) endCell();
    else if (character === '\n') {
      endRow();
      line += 1;
      first = line;
    } else if (character !== '\r') cell += character;
  }
  endRow();
  return { rows, open };
};

/** What stands between the cells of the first line: a comma, a semicolon or a tab. */
const separatorOf = (header: string): string =>
  ['\t', ';', ','].toSorted((a, b) => header.split(b).length - header.split(a).length)[0]!;

const LISTS = ['dependencies', 'requirements', 'required_capabilities', 'files'];
const TEXTS = ['details', 'acceptance_criteria'];

/** What a cell says of a field: lists of ids are divided by blanks or marks, lists of sentences by semicolons or lines. */
const cellValue = (field: string, cell: string): unknown => {
  const text = cell.trim();
  if (LISTS.includes(field)) return text.split(/[\s,;|]+/u).filter(Boolean);
  if (TEXTS.includes(field))
    return text
      .split(/[;\n|]+/u)
      .map((one) => one.trim())
      .filter(Boolean);
  if (field === 'complexity_score') return Number(text);
  return field === 'priority' || field === 'state' ? text.toLowerCase() : text;
};

const NO_HEADER: Mistake = {
  line: 1,
  message: 'the first line names no column "title"',
  fix: 'Begin with a line of column names, e.g. id,title,priority,deps.',
};

/** A table with a line of column names; empty cells say nothing. */
export const readCsv = (text: string): ReadItems => {
  const { rows, open } = rowsOf(text, separatorOf(text.split('\n', 1)[0]!));
  const [header, ...body] = rows;
  const mistakes: Mistake[] =
    open === null
      ? []
      : [{ line: open, message: 'a quote is not closed', fix: 'Close it; a quote in a cell is doubled.' }];
  const fields = (header?.cells ?? []).map(fieldOf);
  if (!header || !fields.includes('title')) return { items: [], mistakes: [...mistakes, NO_HEADER], warnings: [] };
  for (const [i, name] of header.cells.entries())
    if (fields[i] === undefined) mistakes.push(unknownField(name, header.line));
    else if (fields.indexOf(fields[i]) !== i)
      mistakes.push({ line: header.line, message: `two columns are "${fields[i]}"`, fix: 'Keep one of them.' });
  const records = body.flatMap(({ cells, line }) => {
    if (cells.length > fields.length) {
      const message = `there are ${cells.length} cells for ${fields.length} columns`;
      mistakes.push({ line, message, fix: 'Put a cell that has the separator in it in quotes.' });
      return [];
    }
    const said = cells.flatMap((cell, i) =>
      cell.trim() === '' || fields[i] === undefined ? [] : [[fields[i], cellValue(fields[i], cell)]],
    );
    return [{ record: Object.fromEntries(said), line }];
  });
  const read = readItems(records);
  return { ...read, mistakes: [...mistakes, ...read.mistakes].toSorted((a, b) => a.line - b.line) };
};
