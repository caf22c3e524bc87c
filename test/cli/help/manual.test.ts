import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { manualPage, roffText } from '../../../src/cli/help/manual.ts';
import { commands, registry } from '../../../src/commands/index.ts';
import { shellCommands } from '../../../src/text/help/shell-commands.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { runMain } from '../../helpers/io.ts';

const page = manualPage(registry, '1.2.3');

/** The first program here that shows manual pages, and what it needs to be said. */
const viewer = (['mandoc', 'groff'] as const).find((program) => !spawnSync(program, ['--version']).error);
const ARGUMENTS = { mandoc: ['-Tutf8', '-Wwarning'], groff: ['-man', '-Tutf8', '-ww'] } as const;

test('"drover help --man" prints the manual page with every command of the shell and of the language', async () => {
  const { exit, stdout } = await runMain(['help', '--man'], { cwd: '/', env: {} });
  expect([exit, stdout.split('\n')[0]]).toEqual([0, expect.stringMatching(/^\.TH DROVER 1 /u)]);
  const all = [
    ...shellCommands.map(({ name }) => `drover ${name}`),
    ...commands.map((one) => `${one.verb} ${one.noun}`),
  ];
  expect(all.filter((name) => !stdout.includes(`\n.B ${roffText(name)}`))).toEqual([]);
});

test('the manual page is ASCII, and each of its requests is one of man', () => {
  expect(page).toMatch(/^[\n\u0020-\u007E]*$/u);
  const requests = new Set([...page.matchAll(/^[.'](?<name>\S*)/gmu)].map((match) => match.groups!['name']));
  expect([...requests].toSorted()).toEqual(['B', 'RE', 'RS', 'SH', 'TH', 'TP', 'br', 'fi', 'nf']);
  const count = (name: string) => page.split('\n').filter((line) => line === name).length;
  expect([count('.RS'), count('.nf')]).toEqual([count('.RE'), count('.fi')]);
});

test('text that looks like a request or an escape is printed as it is', () => {
  expect(roffText('.SH a\\b "c" -d …\n\'x')).toBe("\\&.SH a\\eb \\(dqc\\(dq \\-d \\[u2026]\n\\&'x");
});

test.skipIf(viewer === undefined)('a program for manual pages shows it without a warning', () => {
  using folder = temporaryFolder('manual');
  const file = join(folder.path, 'drover.1');
  writeFileSync(file, page);
  const { stdout, stderr, status } = spawnSync(viewer!, [...ARGUMENTS[viewer!], file], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout.replace(/.\u0008|\u001B\[[\d;]*m/gu, '').replace(/[\s\u2010-]+/gu, '')).toContain('runallreadytasks');
});
