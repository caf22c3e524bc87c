import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeMask } from '../../src/lib/mask.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (from: Uint8Array): string => new TextDecoder().decode(from);

test('[SEC-3] a secret on a terminal stands under as many stars as it has bytes', () => {
  const mask = makeMask(['X123', 'ü-secret'].map(bytes));
  expect(text(mask(bytes('a X123 b X123\u001B[1mX12 3 ü-secret.')))).toBe('a **** b ****\u001B[1mX12 3 *********.');
});

test('without a secret the very bytes pass', () => {
  const given = bytes('X123');
  expect(makeMask([bytes('')])(given)).toBe(given);
});

test('nothing but the secrets changes, and no length', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 4 }), fc.string(), fc.string(), (secret, before, after) => {
      const given = `${before}${secret}${after}`;
      const masked = makeMask([bytes(secret)])(bytes(given));
      expect(masked.length).toBe(bytes(given).length);
      expect(masked.subarray(0, bytes(before).length).every((one, i) => one === bytes(before)[i] || one === 42)).toBe(
        true,
      );
      if (!/\*/u.test(secret)) expect(text(masked)).not.toContain(secret);
    }),
  );
});
