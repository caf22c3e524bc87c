import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { localFiles } from '../../src/files/open.ts';
import type { SandboxSpec } from '../../src/ports/sandbox.ts';
import { openProcesses } from '../../src/process/broker.ts';
import { openTargetProcesses } from '../../src/process/target-processes.ts';
import { profileFor } from '../../src/sandbox/profile.ts';
import { openSeatbelt } from '../../src/sandbox/seatbelt.ts';
import { sandboxContract } from '../contract/sandbox.ts';
import { profileStage } from '../contract/sandbox-profile.ts';
import { realSandboxStage } from '../contract/sandbox-stage.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const PATH = process.env['PATH'] ?? '';
const files = { realPath: localFiles.realPath };
const supposed = (installed = true, answer = { code: 0, stderr: '' }) =>
  openSeatbelt({
    ...{ ...files, env: { PATH }, run: async () => answer },
    find: async () => (installed ? '/usr/bin/sandbox-exec' : null),
  });

sandboxContract('sandbox-exec, by what its profile says', () => profileStage(supposed()));

describe.skipIf(process.platform !== 'darwin')('on this machine (only macOS has it)', async () => {
  const processes = await openProcesses({ forked: false });
  const { find } = openTargetProcesses({ processes, env: { PATH }, signal: AbortSignal.abort() });
  sandboxContract('sandbox-exec', () =>
    realSandboxStage(openSeatbelt({ ...files, env: { PATH }, find, run: (trial) => processes.run(trial) })),
  );
});

test('[SEC-9] sandbox-exec is tried, and says for whom it is none', async () => {
  const check = { what: 'check', network: 'off' } as const;
  expect(await supposed(false).lack(check)).toBe('sandbox-exec is not installed');
  const refused = { code: 71, stderr: 'sandbox_apply: Operation\nnot permitted' };
  expect(await supposed(true, refused).lack(check)).toBe('sandbox_apply: Operation not permitted');
  expect(await supposed().lack({ ...check, network: 'allow-list' })).toContain('list of hosts');
  expect(await supposed().lack({ what: 'filter' })).toContain('as filters need it');
  await expect(supposed().filterWall({} as never)).rejects.toMatchObject({ code: 'sandbox/kind' });
  await expect(supposed().gitWall({} as never)).rejects.toMatchObject({ code: 'sandbox/kind' });
});

const place = fc.string({ unit: 'binary', minLength: 1 }).map((name) => `/${name.replaceAll('\0', '')}`);

test('[SEC-9] no path is part of a profile: which ones are meant changes nothing of its text', () => {
  const [mode, network] = [fc.constantFrom('worktree' as const, 'strict' as const), fc.constantFrom('none' as const)];
  fc.assert(
    fc.property(place, place, mode, network, (worktree, read, asked, net) => {
      const spec: SandboxSpec = {
        ...{ mode: asked, network: net, worktree, root: '/r', commonDir: '/r/.git', hidden: ['/tmp'], write: [] },
        ...{ git: { kind: 'read-only', config: '/c' }, home: { at: '/home/ada', folder: null }, read: [read] },
      };
      const { text, values } = profileFor(spec);
      expect(text.replaceAll(/\(param "(?:P\d+|OWN)"\)/gu, '')).toMatch(/^[\w\s().*"/-]*$/u);
      expect(Object.values(values)).toContain(worktree);
      for (const [name] of text.matchAll(/P\d+/gu)) expect(values).toHaveProperty(name);
    }),
  );
});

test('[SEC-9] what starts it gives the program a folder that is gone afterwards, its words and its end', async () => {
  using folder = temporaryFolder('seatbelt');
  const at = (name: string) => join(folder.path, name);
  for (const name of ['bin', 'own', 'work']) mkdirSync(at(name));
  // One that says what it was given, and runs the program.
  const fake = [
    '#!/bin/sh',
    'own=$(expr "$2" : "OWN=\\(.*\\)")',
    'test "$1" = -D && test "$HOME" = "$own" && test "$TMPDIR" = "$own" && echo x >"$own/left" || exit 99',
    'while test "$1" != -p; do shift 2; done; shift 2',
    'exec "$@"',
  ].join('\n');
  writeFileSync(at('bin/sandbox-exec'), fake, { mode: 0o755 });
  const wall = await supposed().wall({
    ...{ mode: 'worktree', network: 'none', worktree: at('work'), root: at('r'), commonDir: at('r/.git'), hidden: [] },
    ...{ git: { kind: 'read-only', config: at('c') }, home: { at: at('h'), folder: null }, read: [], write: [] },
  });
  const env = { PATH: `${at('bin')}:${PATH}`, TMPDIR: at('own') };
  const script = 'pwd >out; printf "<%s>" "$@" >>out; exit 7';
  const words = ['sh', '-c', script, 'sh', 'a b', '-p', '"'];
  const { status } = spawnSync(wall[0]!, [...wall.slice(1), ...words], { env, cwd: '/' });
  expect(status).toBe(7);
  expect(readFileSync(at('work/out'), 'utf8')).toBe(`${at('work')}\n<a b><-p><">`);
  expect([readdirSync(at('own')), existsSync(at('work/left'))]).toEqual([[], false]);
});
