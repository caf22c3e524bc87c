import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { clearWays } from '../../../src/daemon/sandbox/clear-ways.ts';
import { localFiles } from '../../../src/files/open.ts';
import type { SandboxSpec } from '../../../src/ports/sandbox.ts';
import { sandboxArguments } from '../../../src/sandbox/layout.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { noSandbox } from '../../helpers/sandbox.ts';

test.skipIf(noSandbox !== undefined)(
  `[SEC-9] a link that an agent leaves in its home leads no mount out of it${noSandbox ? ` (skipped: ${noSandbox})` : ''}`,
  async () => {
    using folder = temporaryFolder('ways');
    const at = (path: string) => join(folder.path, path);
    const [root, commonDir, worktree] = [at('ada/app'), at('ada/app/.git'), at('ada/data/w/one')];
    for (const file of [
      'ada/app/.git/config',
      'ada/data/w/one/.git',
      'ada/.tools/bin/x',
      'own/home/kept/x',
      'person/x',
    ]) {
      mkdirSync(dirname(at(file)), { recursive: true });
      writeFileSync(at(file), '');
    }
    const spec: SandboxSpec = {
      ...{ mode: 'strict', root, commonDir, worktree, git: { kind: 'read-only', config: `${commonDir}/config` } },
      ...{ home: { at: at('ada'), folder: at('own/home') }, hidden: ['/tmp'], network: 'none' },
      ...{ read: [at('ada/.tools/bin')], write: [] },
    };
    // While it is made what is outside lies there.
    for (const [name, to] of [
      ['app', '/oldroot'],
      ['data', '/oldroot'],
      ['.tools', '..'],
      ['mine', '..'],
    ] as const)
      symlinkSync(to === '..' ? '../../person' : `${to}${at('person')}`, at(`own/home/${name}`));
    const removed = await clearWays({ env: { PATH: `/usr/bin:${at('ada/.tools/bin')}` }, files: localFiles }, spec);
    expect(removed.toSorted()).toEqual(['.tools', 'app', 'data']);
    const [program = '', ...words] = sandboxArguments(spec, []);
    const { stdout } = spawnSync(program, [...words, 'ls', '-A', at('ada'), '.'], { encoding: 'utf8' });
    expect(stdout.split(/\s+/u)).toEqual(expect.arrayContaining(['kept', 'mine', '.tools', '.git']));
    expect(readdirSync(at('person'))).toEqual(['x']);
    expect(existsSync(at('own/home/kept/x'))).toBe(true);
  },
);
