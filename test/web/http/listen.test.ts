import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { makeServer, USUAL_PATIENCE } from '../../../src/web/http/listen.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

const fixture = (name: string): string => fileURLToPath(new URL(`../../fixtures/web/${name}`, import.meta.url));
const CERT = fixture('cert.pem');

/** A key in PEM form that belongs to no certificate; locked where a passphrase is given. */
const keyText = (passphrase?: string): string => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const lock = passphrase === undefined ? {} : { cipher: 'aes-256-cbc', passphrase };
  return privateKey.export({ type: 'pkcs8', format: 'pem', ...lock }).toString();
};

test.each([
  ['the key of another certificate', keyText(), 'the key does not belong to the certificate'],
  ['a locked key', keyText('x'), 'the key is locked with a passphrase'],
  ['what is no key', 'text\n', 'one of them is not in PEM form, or is cut off'],
])('%s is refused for TLS in words of ours', (_what, text, why) => {
  using folder = temporaryFolder('listen');
  const key = join(folder.path, 'key.pem');
  writeFileSync(key, text);
  expect(() => makeServer({ cert: CERT, key }, USUAL_PATIENCE)).toThrow(
    `${CERT} with ${key} could not be used for TLS: ${why}.`,
  );
});

test('a file of TLS that is not there is named with that', () => {
  expect(() => makeServer({ cert: CERT, key: '/no/such.pem' }, USUAL_PATIENCE)).toThrow(
    '/no/such.pem could not be used for TLS: the file or its folder is gone.',
  );
});
