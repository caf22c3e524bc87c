import { expect, test } from 'vitest';
import { confirmationFor, isConfirmed } from '../../src/commands/confirmation.ts';

const KEY = 'a key of this daemon';
const NOW = '2026-01-02T03:04:05.000Z';
const question = { said: 'stop instance all', actor: 'cli', loss: { targets: ['kiro-1', 'kiro-2'], loses: 'work' } };
const { token, expires } = confirmationFor(KEY, question, NOW);

test('a question names what is lost and for how long it can be answered', () => {
  expect(confirmationFor(KEY, question, NOW)).toEqual({ ...question.loss, token, expires });
  expect(expires).toBe('2026-01-02T03:09:05.000Z');
  expect(isConfirmed(KEY, question, NOW, token)).toBe(true);
  expect(isConfirmed(KEY, question, '2026-01-02T03:09:04.999Z', token)).toBe(true);
});

test.each([
  ['another command', { ...question, said: 'remove instance all' }],
  ['another actor', { ...question, actor: 'kiro-1' }],
  ['other targets', { ...question, loss: { targets: ['kiro-1', 'kiro-2', 'kiro-3'], loses: 'work' } }],
  ['what has changed since', { ...question, loss: { ...question.loss, asOf: '10:00' } }],
])('a token does not confirm %s', (_what, other) => {
  expect(isConfirmed(KEY, other, NOW, token)).toBe(false);
});

test('a token that is late, made up, lengthened, of another daemon or no token at all confirms nothing', () => {
  expect(isConfirmed(KEY, question, expires, token)).toBe(false);
  expect(isConfirmed('another key', question, NOW, token)).toBe(false);
  const later = (Date.parse(expires) + 60_000).toString(36);
  const wrong = [undefined, '', 'yes', token.slice(1), `${later}-${token.split('-')[1]}`, `${token}0`, '-', 'zz-00'];
  for (const one of wrong) expect(isConfirmed(KEY, question, NOW, one)).toBe(false);
  expect(isConfirmed(KEY, question, '2020-01-01T00:00:00.000Z', token)).toBe(false);
});
