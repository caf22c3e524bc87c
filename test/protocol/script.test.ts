import { expect, test } from 'vitest';
import { lex, quote } from '../../src/protocol/lex.ts';
import { splitScript } from '../../src/protocol/script.ts';

test('a script is cut at lines and semicolons, not inside of quotes', () => {
  expect(splitScript('# first\nstatus; list tasks\r\n\n  tell kiro-1 "a; b" ; tell kiro-1 \'c;d\'\n')).toEqual([
    'status',
    'list tasks',
    'tell kiro-1 "a; b"',
    "tell kiro-1 'c;d'",
  ]);
  expect(splitScript('tell kiro-1 "say \\"a;b\\""; tell kiro-1 “x;y”;;')).toEqual([
    'tell kiro-1 "say \\"a;b\\""',
    'tell kiro-1 “x;y”',
  ]);
});

test('an apostrophe opens no quote, and an open quote ends with its line', () => {
  expect(splitScript("let's stop kiro-1; stop kiro-2")).toEqual(["let's stop kiro-1", 'stop kiro-2']);
  expect(splitScript('tell kiro-1 "x; y\nstatus')).toEqual(['tell kiro-1 "x; y', 'status']);
});

test('tokens keep their places and know whether they were quoted', () => {
  expect(lex(`say "a \\"b\\"" title='x y'`)).toEqual([
    { text: 'say', start: 0, end: 3, quoted: false, valueQuoted: false },
    { text: 'a "b"', start: 4, end: 13, quoted: true, valueQuoted: false },
    { text: 'title=x y', start: 14, end: 25, quoted: false, valueQuoted: true },
  ]);
  expect(lex(quote('a\\"b'))[0]?.text).toBe('a\\"b');
});
