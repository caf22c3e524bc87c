import { createRequire } from 'node:module';
import type { Style } from '../widgets/paint.ts';
import type { Piece } from '../widgets/pieces.ts';

const require = createRequire(import.meta.url);
// The library is loaded with the first diff and not before: the screen is to be there at once.
const languages = (): typeof import('highlight.js').default => require('highlight.js/lib/common');

const LANGUAGES: Readonly<Record<string, string>> = {
  ts: 'typescript',
  tsx: 'typescript',
  mts: 'typescript',
  js: 'javascript',
  jsx: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  py: 'python',
  rb: 'ruby',
  rs: 'rust',
  kt: 'kotlin',
  cs: 'csharp',
  sh: 'bash',
  zsh: 'bash',
  md: 'markdown',
  yml: 'yaml',
  toml: 'ini',
  htm: 'xml',
  html: 'xml',
  svg: 'xml',
  h: 'c',
  cc: 'cpp',
  hpp: 'cpp',
};

const languageOf = (path: string): string | null => {
  const ending = /\.(?<ending>[^./]+)$/u.exec(path)?.groups?.['ending']?.toLowerCase() ?? '';
  const name = LANGUAGES[ending] ?? ending;
  return name !== '' && languages().getLanguage(name) ? name : null;
};

/** How the classes of highlight.js look; what is not here looks like the text around it. */
const LOOKS: Readonly<Record<string, Style>> = {
  keyword: { color: 'magenta' },
  built_in: { color: 'cyan' },
  type: { color: 'cyan' },
  literal: { color: 'blue' },
  number: { color: 'blue' },
  string: { color: 'yellow' },
  regexp: { color: 'yellow' },
  comment: { dim: true, italic: true },
  title: { color: 'blue' },
  section: { bold: true },
  attr: { color: 'cyan' },
  attribute: { color: 'cyan' },
  name: { color: 'cyan' },
  symbol: { color: 'blue' },
  meta: { dim: true },
};

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'" };
const unescapeHtml = (html: string): string =>
  html.replace(/&(?<name>amp|lt|gt|quot|#x27);/gu, (_, name: string) => ENTITIES[name]!);

const TOKEN = /<span class="hljs-(?<open>[^" ]+)[^"]*">|(?<close><\/span>)|(?<text>[^<]+)/gu;

/** Longer lines are data, which nobody reads by its colours. */
const LONGEST = 400;

/** A line of code in the colours of its language; `base` is the colour of what has none of its own. */
export const highlightCode = (
  line: string,
  path: string,
  base: NonNullable<Style['color']> | null,
): readonly Piece[] => {
  const plain: Style = base === null ? {} : { color: base };
  const language = line.length > LONGEST || line.trim() === '' ? null : languageOf(path);
  if (language === null) return [{ ...plain, text: line }];
  const html = languages().highlight(line, { language, ignoreIllegals: true }).value;
  const open: Style[] = [plain];
  const pieces: Piece[] = [];
  for (const { groups = {} } of html.matchAll(TOKEN)) {
    if (groups['open'] !== undefined) open.push(LOOKS[groups['open']] ?? open.at(-1)!);
    else if (groups['close'] !== undefined) open.pop();
    else pieces.push({ ...open.at(-1)!, text: unescapeHtml(groups['text']!) });
  }
  return pieces;
};
