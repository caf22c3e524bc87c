import { expect, test } from 'vitest';
import { commands, registry } from '../../../src/commands/index.ts';
import { parse } from '../../../src/protocol/parse.ts';
import { language } from '../../fixtures/signatures.ts';

test('nouns that a later version brings are understood and answered with the phase that brings them', () => {
  const phaseOf = (text: string) => {
    const parsed = parse(text, language);
    return parsed.ok ? parsed.signature.phase : parsed.error.message;
  };
  const phases = { campaign: 2, message: 2, metric: 2, trace: 2, lock: 2, worker: 3, flag: 5 };
  for (const [noun, phase] of Object.entries(phases)) expect([noun, phaseOf(`list ${noun}`)]).toEqual([noun, phase]);
  const there = new Set(commands.map(({ verb, noun }) => `${verb} ${noun}`));
  const first = registry.signatures.filter(({ phase, verb, noun }) => phase === 1 && !there.has(`${verb} ${noun}`));
  expect(first).toEqual([]);
});
