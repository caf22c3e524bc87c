import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pathsOf } from '../../src/lib/paths.ts';
import { doorsIn } from '../../src/link/index.ts';
import { settingsSchema } from '../../src/state/settings.ts';

const paths = pathsOf({
  root: '/r',
  key: 'k',
  commonDir: '/r/.git',
  home: '/home/ada',
  data: '/data',
  worktrees: '/w',
  socket: '/run/k.sock',
});
const schemes = doorsIn(paths, '').map(({ transport }) => transport.scheme);
const open = (scheme: string): string[] =>
  doorsIn(paths, scheme).flatMap(({ transport, address }) => (address === null ? [] : [transport.scheme]));

test('a daemon is reached by the transport that is chosen and by no other', () => {
  expect(open('unix')).toEqual(['unix']);
  expect(open('carrier-pigeon')).toEqual([]);
});

test('[CFG-1] what the configuration takes for a protocol is what a daemon can be reached by', () => {
  const taken = schemes.filter((protocol) => settingsSchema.safeParse({ communication: { protocol } }).success);
  expect(taken).toEqual(schemes.filter((scheme) => open(scheme).length > 0));
});

test('every transport in the folder is in the list', () => {
  const own = globSync('src/link/*.ts').flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/^ {2}scheme: '(?<scheme>[^']+)'/gmu)].map(
      (match) => match.groups!['scheme']!,
    ),
  );
  expect(own.toSorted()).toEqual(schemes.toSorted());
});
