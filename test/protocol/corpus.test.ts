import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from '../../src/protocol/parse.ts';
import { language } from '../fixtures/signatures.ts';

type Row = {
  readonly kind: 'seed' | 'variant' | 'error';
  readonly text: string;
  readonly verb?: string;
  readonly noun?: string;
  readonly modifiers?: readonly string[];
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly suggest?: string;
};

const rows = readFileSync('test/fixtures/protocol-corpus.jsonl', 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Row);

const meaningOf = ({ verb, noun, modifiers, parameters }: Row) => ({ verb, noun, modifiers, parameters });
const of = (kind: Row['kind']) => rows.filter((row) => row.kind === kind);

describe('the corpus', () => {
  test('[PRT-2] has all 25 commands of the sources', () => expect(of('seed')).toHaveLength(25));

  test.each(of('seed'))('[PRT-1] [PRT-2] "$text" has the meaning of the sources', (row) => {
    expect(parse(row.text, language)).toMatchObject({ ok: true });
    const result = parse(row.text, language);
    expect(result.ok && result.meaning).toEqual(meaningOf(row));
  });

  test.each(of('variant'))('[PRT-3] "$text" is understood', (row) => {
    expect(parse(row.text, language)).toMatchObject({ ok: true });
    const result = parse(row.text, language);
    expect(result.ok && result.meaning).toEqual(meaningOf(row));
  });

  test.each(of('error'))('[PRT-5] "$text" is refused with help', (row) => {
    const result = parse(row.text, language);
    if (result.ok) throw new Error(`understood as ${JSON.stringify(result.meaning)}`);
    expect(result.error.exit).toBe(2);
    expect(result.error.code).toMatch(/^protocol\//);
    expect(result.error.hint).not.toBe('');
    if (row.suggest !== undefined) expect(result.error.hint).toContain(row.suggest);
  });
});
