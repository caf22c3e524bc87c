import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from '../../src/protocol/parse.ts';
import { say } from '../../src/protocol/say.ts';
import { language } from '../fixtures/signatures.ts';

type Row = {
  readonly text: string;
  readonly refused?: true;
  readonly suggest?: string;
  readonly verb: string;
  readonly noun: string;
  readonly modifiers: readonly string[];
  readonly parameters: Readonly<Record<string, unknown>>;
};

/** What people may type, with what each line means; written down before anybody looked at what the parser makes of it. */
const rows = readFileSync('test/fixtures/protocol-wordings.jsonl', 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Row);

describe('lines as people type them', () => {
  test.each(rows.filter(({ refused }) => !refused))('[PRT-3] "$text" is understood', (row) => {
    const result = parse(row.text, language);
    if (!result.ok) throw new Error(`${result.error.message} ${result.error.hint}`);
    const { verb, noun, modifiers, parameters } = row;
    expect(result.meaning).toEqual({ verb, noun, modifiers, parameters });
  });

  test.each(rows.filter(({ refused }) => refused))('[PRT-5] "$text" does nothing', (row) => {
    const result = parse(row.text, language);
    if (result.ok) throw new Error(`understood as ${say(result.meaning)}`);
    expect(result.error.exit).toBe(2);
    if (row.suggest === undefined) return;
    expect(result.suggestion).toBe(row.suggest);
    expect(result.error.hint).toContain(`Did you mean: ${row.suggest}?`);
  });
});
