import type { Policy } from '../../state/specs.ts';
import { readChecklist } from '../spec/checklist.ts';
import { readCsv } from './csv-items.ts';
import type { ReadItems } from './item.ts';
import { readJson, readJsonLines } from './json-items.ts';

export const FORMATS = ['markdown', 'json', 'jsonl', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

const ENDINGS: Readonly<Record<string, Format>> = {
  md: 'markdown',
  markdown: 'markdown',
  json: 'json',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  csv: 'csv',
  tsv: 'csv',
};

/** How a list of tasks is written: as the name of its file says, else as it looks. */
export const formatOf = (name: string, text: string): Format => {
  const ending = /\.(?<ending>[a-z]+)$/iu.exec(name)?.groups?.['ending']?.toLowerCase() ?? '';
  if (Object.hasOwn(ENDINGS, ending)) return ENDINGS[ending]!;
  const start = text.trimStart();
  if (/^\[\s*(?:\{|\]\s*$)/u.test(start)) return 'json';
  if (start.startsWith('{')) return /^\{[^\n]*\}\s*(?:\n|$)/u.test(start) ? 'jsonl' : 'json';
  return /(?:^|[,;\t])"?title"?\s*(?:[,;\t]|$)/iu.test(start.split(/\r?\n/u, 1)[0]!) ? 'csv' : 'markdown';
};

/** The tasks that a text holds, and what is wrong with it. */
export const itemsIn = (text: string, format: Format, policy: Policy): ReadItems => {
  if (format === 'markdown') return readChecklist(text, policy);
  const plain = text.replace(/^\uFEFF/u, '');
  if (format === 'json') return readJson(plain);
  return format === 'jsonl' ? readJsonLines(plain) : readCsv(plain);
};
