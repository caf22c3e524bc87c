import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { secretPlaces } from '../../src/secrets/places.ts';
import { eventually, openProgram } from './program.ts';

type Program = ReturnType<typeof openProgram>;

const GOOD = { agent: 'rehearsal', limits: { maxInstances: 3 } };

/** What may lie in the place of the settings, how it gets there, and what is said of it. */
const ODD: readonly (readonly [string, (file: string) => void, string])[] = [
  ['a pipe', (file) => void execFileSync('mkfifo', [file]), 'cannot be read, because it is no file'],
  ['a link to a device', (file) => symlinkSync('/dev/zero', file), 'cannot be read, because it is no file'],
  ['a folder', (file) => mkdirSync(file), 'cannot be read, because it is no file'],
  ['a very long file', (file) => writeFileSync(file, ' '.repeat(2 ** 20 + 1)), 'because it is longer than 1024 KiB'],
  ['brackets in brackets', (file) => writeFileSync(file, '['.repeat(20_000)), ':1: is nested too deeply'],
];

const inPlace = ({ paths }: Program, put: (file: string) => void): void => {
  rmSync(paths.config, { recursive: true, force: true });
  put(paths.config);
};

const alerts = async ({ drover }: Program): Promise<string> =>
  JSON.stringify(JSON.parse((await drover('alerts', 'list', '--json')).stdout));

describe.each(ODD)('with %s in the place of the settings', (_name, put, said) => {
  test('no daemon starts, everybody says why, and the next one starts', async () => {
    await using program = openProgram({ settings: GOOD });
    inPlace(program, put);
    expect(await program.drover('status')).toMatchObject({ exit: 2, stderr: expect.stringContaining(said) });
    expect(await program.drover('config', 'validate')).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining(said),
    });
    // Where its lines break depends on how long the path is.
    const stdout = (await program.drover('doctor', '--timeout', '20s')).stdout.replaceAll(/\s+/gu, ' ');
    expect(stdout).toContain(program.paths.config);
    expect(stdout).toContain(said.replace(/^:1: /u, ''));
    inPlace(program, (file) => writeFileSync(file, JSON.stringify(GOOD)));
    expect(await program.drover('status')).toMatchObject({ exit: 0 });
  });

  test('a daemon keeps the settings before and follows on', async () => {
    await using program = openProgram({ settings: GOOD });
    expect(await program.drover('status')).toMatchObject({ exit: 0 });
    inPlace(program, put);
    await eventually(async () => (await alerts(program)).includes(said));
    expect((await program.drover('status')).stdout).toContain(program.paths.config);
    expect(await program.drover('trust', '--show')).toMatchObject({ exit: 2, stderr: expect.stringContaining(said) });
    expect((await program.drover('do', 'get config limits.maxInstances')).stdout).toContain('3');
    inPlace(program, (file) => writeFileSync(file, JSON.stringify({ ...GOOD, limits: { maxInstances: 4 } })));
    await eventually(async () => (await program.drover('do', 'get config limits.maxInstances')).stdout.includes('4'));
    expect(await alerts(program)).not.toContain(said);
  });
});

test('pipes in the places of key and audit keep no daemon from starting and ending', async () => {
  await using program = openProgram({ settings: GOOD });
  const { keyFile } = secretPlaces(program.paths, program.env);
  for (const file of [keyFile, join(program.paths.audit, 'tip')]) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    execFileSync('mkfifo', [file]);
  }
  expect(await program.drover('status')).toMatchObject({ exit: 0 });
  const set = await program.drover('do', 'list secrets');
  expect(set.exit).toBe(0);
  expect(await program.drover('daemon', 'stop')).toMatchObject({ exit: 0 });
});
