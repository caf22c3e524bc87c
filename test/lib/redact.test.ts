import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeRedact, REDACTED } from '../../src/lib/redact.ts';

const redact = makeRedact([]);
const letters = (count: number, of = 'aB3dE5gH1jK2mN4pQ6') => of.repeat(10).slice(0, count);

// Made up, in the form that the maker of each documents.
const TOKENS: Readonly<Record<string, string>> = {
  'GitHub, personal': `ghp_${letters(36)}`,
  'GitHub, server': `ghs_${letters(36)}`,
  'GitHub, fine-grained': `github_pat_${letters(22)}_${letters(59)}`,
  GitLab: `glpat-${letters(20)}`,
  AWS: `AKIA${'ABCDEFGH12345678'}`,
  Anthropic: `sk-ant-api03-${letters(40)}`,
  OpenAI: `sk-proj-${letters(48)}`,
  Google: `AIza${letters(35)}`,
  Slack: `xoxb-${letters(24)}`,
  Stripe: `sk_live_${letters(24)}`,
  npm: `npm_${letters(36)}`,
  PyPI: `pypi-${letters(40)}`,
  'Hugging Face': `hf_${letters(34)}`,
  'a web token': `eyJ${letters(20)}.eyJ${letters(20)}.${letters(30)}`,
};

test.each(Object.entries(TOKENS))(
  '[SEC-3] a token of %s is taken out, and what stands around it stays',
  (_maker, token) => {
    expect(redact(`it printed ${token}, then ended`)).toBe(`it printed ${REDACTED}, then ended`);
    expect(redact(`"${token}"`)).toBe(`"${REDACTED}"`);
  },
);

test.each([
  ['export API_TOKEN=abcdef123456 && run', 'export API_TOKEN=*** && run'],
  ["DB_PASSWORD='hunter2hunter2'", "DB_PASSWORD='***'"],
  ['Authorization: Bearer abcdefghij0123456789', 'Authorization: Bearer ***'],
  ['https://ada:s3cret@example.org/x.git', 'https://ada:***@example.org/x.git'],
  ['-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nafter', '***\nafter'],
  ['-----BEGIN PRIVATE KEY-----\nMIIE cut off', '***'],
])('[SEC-3] what a name, a header or an address leads to is taken out: %s', (said, shown) => {
  expect(redact(said)).toBe(shown);
});

test.each([
  'const token: string = readToken();',
  'GITHUB_TOKEN=$GITHUB_TOKEN npm test',
  'GITHUB_TOKEN={{ secrets.GITHUB_TOKEN }}',
  'the password must have 8 characters',
  'commit 17b306c2f1d7ab0ee0e1d3c1f0a9b8c7d6e5f4a3',
  'sk-learn is imported',
  'http://localhost:3000/a@b',
  'task-12 eyJ is no token',
])('ordinary text stays as it is: %s', (text) => {
  expect(redact(text)).toBe(text);
});

test('[SEC-3] a secret of the person is taken out wherever it stands, the longer one first', () => {
  const own = makeRedact(['X123', 'X1234567', 'a.b*c', '']);
  expect(own('X123 and X1234567 and a.b*c, not axbbc')).toBe('*** and *** and ***, not axbbc');
});

test('[SEC-3] no text holds a secret afterwards, and doing it twice changes nothing more', () => {
  const secret = fc
    .string({ minLength: 4, maxLength: 20 })
    .filter((one) => !REDACTED.includes(one) && !one.includes('*'));
  fc.assert(
    fc.property(fc.array(secret, { maxLength: 3 }), fc.string(), fc.string(), (secrets, before, after) => {
      const own = makeRedact(secrets);
      const shown = own(`${before}${secrets.join(' ')}${after}`);
      for (const one of secrets) expect(shown).not.toContain(one);
      expect(own(shown)).toBe(shown);
    }),
  );
});

test('[SEC-3] each line of a secret that has several is taken out by itself, unless it is too short to be one', () => {
  const own = makeRedact(['first-part\nsecond-part\n}\n']);
  expect(own('it ended: second-part }')).toBe('it ended: *** }');
});
