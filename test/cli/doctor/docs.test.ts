import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { AREAS } from '../../../src/cli/doctor/finding.ts';

const idsIn = (text: string, quote: string): string[] =>
  text.match(new RegExp(`(?<=${quote})(?:${Object.keys(AREAS).join('|')})\\.[a-z][a-z0-9-]+(?=${quote})`, 'gu')) ?? [];

test('docs/doctor.md explains every finding once, and no other', () => {
  const told = idsIn(readFileSync('docs/doctor.md', 'utf8'), '`');
  const literal = globSync('src/cli/doctor/*.ts').flatMap((file) => idsIn(readFileSync(file, 'utf8'), "'"));
  // Those of the two programs that Drover cannot do without are made of their names.
  const made = ['tmux', 'git'].flatMap((name) =>
    ['missing', 'silent', 'version-unknown', 'too-old'].map((id) => `${name}.${id}`),
  );
  expect(told.toSorted()).toEqual([...new Set([...literal, ...made])].toSorted());
});
