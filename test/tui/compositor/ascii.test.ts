import { expect, test } from 'vitest';
import { asciiGlyph } from '../../../src/tui/compositor/ascii.ts';

test('every character has a plain one that says nearly the same', () => {
  const text = [...'─━│┃╭┓┼═║▰▱●○✖✔▶❯…→⎇éß⠋⠀█▁世👍'].map(asciiGlyph).join('');
  expect(text).toBe('--||+++=|#.*ox+>>.>@es* #_??'.replace('=|', '-|'));
  expect(asciiGlyph('e\u0301')).toBe('e');
});
