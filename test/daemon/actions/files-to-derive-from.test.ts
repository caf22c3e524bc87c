import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { kiro } from '../../../src/agents/kiro.ts';
import { filesToDeriveFrom } from '../../../src/daemon/actions/files-to-derive-from.ts';
import { localFiles } from '../../../src/files/open.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

const SECRET = '{"auths":{"registry.example.org":{"auth":"of-the-person"}}}';

const stage = () => {
  const folder = temporaryFolder('derived');
  const at = (...names: string[]) => join(folder.path, ...names);
  const put = (name: string, text: string): void => {
    mkdirSync(dirname(at(name)), { recursive: true });
    writeFileSync(at(name), text);
  };
  const log: string[] = [];
  const found = async (worktree = at('w')) => {
    const target = { env: { HOME: at('home') }, files: localFiles };
    const files = await filesToDeriveFrom({ log: (line) => void log.push(line) }, target, { adapter: kiro, worktree });
    return files.map(({ path, content }) => [path.slice(folder.path.length + 1), content]);
  };
  put('home/.docker/config.json', SECRET);
  return { at, put, log, found, [Symbol.dispose]: () => folder[Symbol.dispose]() };
};

test('[SEC-9] a link that an agent leaves in the place of a file brings it nothing of the person', async () => {
  using one = stage();
  one.put('w/.kiro/agents/good.json', '{"name":"good"}');
  symlinkSync(one.at('home/.docker/config.json'), one.at('w/.kiro/agents/x.json'));
  symlinkSync(one.at('home/nothing'), one.at('w/.kiro/agents/y.json'));
  expect(await one.found()).toEqual([['w/.kiro/agents/good.json', '{"name":"good"}']]);
  expect(one.log).toEqual(
    ['x', 'y'].map((name) => `${one.at(`w/.kiro/agents/${name}.json`)} is passed over: a symbolic link leads to it`),
  );
});

test('[SEC-9] nor does a link in the place of a folder above it', async () => {
  using one = stage();
  mkdirSync(one.at('w'));
  one.put('home/private/agents/x.json', SECRET);
  symlinkSync(one.at('home/private'), one.at('w/.kiro'));
  expect(await one.found()).toEqual([]);
});

test('links of the person count, on the way to the worktree and in the home', async () => {
  using one = stage();
  one.put('disk/w/.kiro/agents/near.json', '{}');
  symlinkSync(one.at('disk'), one.at('w'));
  one.put('dotfiles/far.json', '{}');
  mkdirSync(one.at('home/.kiro'));
  symlinkSync(one.at('dotfiles'), one.at('home/.kiro/agents'));
  expect(await one.found(one.at('w/w'))).toEqual([
    ['w/w/.kiro/agents/near.json', '{}'],
    ['home/.kiro/agents/far.json', '{}'],
  ]);
  expect(one.log).toEqual([]);
});
