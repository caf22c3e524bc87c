import { shown } from '../../lib/text.ts';
import type { DiffData } from '../../text/diff-data.ts';
import { PATCH_LOOKS } from '../widgets/patch-looks.ts';
import type { Piece } from '../widgets/pieces.ts';
import { highlightCode } from './highlight-code.ts';
import type { TabLine } from './tab.ts';

const HUNK = /^@@ -(?<old>\d+)(?:,(?<oldCount>\d+))? \+(?<line>\d+)(?:,(?<count>\d+))? @@ ?(?<where>.*)$/u;
/** Lines of git's own about a file; its name stands above already. */
const SILENT = /^(?:diff --git|index |--- |\+\+\+ |old mode|similarity|rename )/u;
const NUMBER = 5;
const { added, removed } = PATCH_LOOKS;

type At = { path: string; line: number };

const fileOf = (line: string): string | null =>
  /^diff --git a\/.* b\/(?<path>.*)$/u.exec(line)?.groups?.['path'] ?? null;

/** A line whose code gets its colours when it is first shown: a diff may have thousands that never are. */
const numberedLine = (number: string, sign: Piece, code: () => readonly Piece[]): TabLine => {
  let known: readonly Piece[] | undefined;
  return {
    get pieces() {
      known ??= [{ text: `${number.padStart(NUMBER)} `, dim: true }, sign, ...code()];
      return known;
    },
  };
};

const lineOf = (line: string, at: At): TabLine => {
  const text = shown(line.slice(1)).replaceAll('\t', '  ');
  const { path } = at;
  if (line.startsWith('+')) {
    const number = String(at.line);
    at.line += 1;
    return numberedLine(number, { ...added, text: '+ ', bold: true }, () => highlightCode(text, path, added.color));
  }
  if (line.startsWith('-'))
    return numberedLine('', { ...removed, text: '− ', bold: true }, () => [{ ...removed, text }]);
  if (line.startsWith(' ')) {
    const number = String(at.line);
    at.line += 1;
    return numberedLine(number, { text: '  ' }, () => highlightCode(text, path, null));
  }
  return { pieces: [{ text: shown(line), dim: true }] };
};

/** Which lines a hunk is about: those of the file as it is now, where any of them is left. */
const hunkText = (hunk: Readonly<Record<string, string | undefined>>): string => {
  const isLeft = hunk['count'] !== '0';
  const first = Number(isLeft ? hunk['line'] : hunk['old']);
  const last = first + Number((isLeft ? hunk['count'] : hunk['oldCount']) ?? 1) - 1;
  const where = hunk['where'] ?? '';
  return `${first === last ? `line ${first}` : `lines ${first}–${last}`}${where === '' ? '' : ` · ${shown(where)}`}`;
};

const count = (value: number | null, sign: string): string => (value === null ? 'binary' : `${sign}${value}`);

const linesOf = ({ files, patch, cut }: DiffData): readonly TabLine[] => {
  const at: At = { path: '', line: 0 };
  const summary = files.map(
    ({ path, insertions, deletions }): TabLine => ({
      pieces: [{ text: ` ${shown(path)}` }],
      right: [
        { ...added, text: `${count(insertions, '+')} ` },
        { ...removed, text: insertions === null ? '' : `${count(deletions, '−')} ` },
      ],
    }),
  );
  const body = patch.split('\n').flatMap((line): TabLine[] => {
    const path = fileOf(line);
    if (path !== null) {
      at.path = path;
      return [{ pieces: [] }, { pieces: [{ text: ` ${shown(path)} `, bold: true, inverse: true }] }];
    }
    const hunk = HUNK.exec(line)?.groups;
    if (hunk) {
      at.line = Number(hunk['line']);
      return [{ pieces: [{ ...PATCH_LOOKS.hunk, text: hunkText(hunk) }] }];
    }
    return line === '' || SILENT.test(line) ? [] : [lineOf(line, at)];
  });
  return [...summary, ...body, ...(cut ? [{ pieces: [{ text: '… the rest is left out', dim: true }] }] : [])];
};

// Lines are made once for each answer: the tab is drawn again with every key and every event.
const known = new WeakMap<DiffData, readonly TabLine[]>();

/**
 * A patch as it is read: what changed in short, then file by file with line numbers and the colours of the language.
 */
export const diffLines = (data: DiffData): readonly TabLine[] => {
  const lines = known.get(data) ?? linesOf(data);
  known.set(data, lines);
  return lines;
};
