import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dropOldLines, findOldLines } from '../../src/files/old-lines.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const FIRST = Date.parse('2026-01-01T00:00:00.000Z');
const timeOf = (second: number): string => new Date(FIRST + second * 1000).toISOString();

test('what is older than a moment goes, with the lines behind it that say no time, and the rest stays byte by byte', async () => {
  const entry = fc.record({
    after: fc.integer({ min: 0, max: 5 }),
    text: fc.string({ unit: 'grapheme', maxLength: 30 }).map((text) => text.replaceAll(/[\r\n]/gu, ' ')),
    isTimed: fc.boolean(),
    isLong: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { maxLength: 20 }), fc.integer({ min: 0, max: 60 }), async (entries, cut) => {
      using folder = temporaryFolder('old-lines');
      const file = `${folder.path}/a.log`;
      let at = 0;
      const lines = entries.map(({ after, text, isTimed, isLong }, index) => {
        at += after;
        const said = isLong ? text.padEnd(200_000, 'ü') : text;
        return {
          at,
          isTimed: isTimed || index === 0,
          text: isTimed || index === 0 ? `${timeOf(at)} ${said}\n` : `-${said}\n`,
        };
      });
      writeFileSync(file, lines.map(({ text }) => text).join(''));
      const stays = lines.findIndex((one) => one.isTimed && one.at >= cut);
      const kept = stays === -1 ? [] : lines.slice(stays);
      const found = await findOldLines(file, FIRST + cut * 1000);
      expect(found.old?.lines ?? 0).toBe(lines.length - kept.length);
      expect(await dropOldLines(file, FIRST + cut * 1000)).toEqual(found);
      expect(readFileSync(file, 'utf8')).toBe(kept.map(({ text }) => text).join(''));
      expect(statSync(file).mode & 0o777).toBe(found.old === null ? statSync(file).mode & 0o777 : 0o600);
    }),
    { numRuns: 60 },
  );
});

test('a log that is not there has nothing to let go of', async () => {
  using folder = temporaryFolder('old-lines');
  const file = `${folder.path}/none.log`;
  expect(await dropOldLines(file, FIRST)).toEqual({ old: null, kept: { from: null } });
  expect(existsSync(file)).toBe(false);
});

test('where the rest cannot be written the log stays as it is', async () => {
  using folder = temporaryFolder('old-lines');
  const file = `${folder.path}/a.log`;
  const text = `${timeOf(0)} one\n${timeOf(9)} two\n`;
  writeFileSync(file, text);
  mkdirSync(`${file}.tmp`);
  await expect(dropOldLines(file, FIRST + 5000)).rejects.toMatchObject({ code: 'EISDIR' });
  expect(readFileSync(file, 'utf8')).toBe(text);
  rmSync(`${file}.tmp`, { recursive: true });
  expect((await dropOldLines(file, FIRST + 5000)).old?.lines).toBe(1);
});

test('a clock that was set back in between keeps nobody from letting go of what was shown', async () => {
  using folder = temporaryFolder('old-lines');
  const file = `${folder.path}/a.log`;
  writeFileSync(file, `${timeOf(3600)} one\n${timeOf(0)} two\n${timeOf(9000)} three\n`);
  const { old } = await findOldLines(file, FIRST + 8_000_000);
  expect(old).toMatchObject({ lines: 2, from: timeOf(3600), to: timeOf(3600) });
  expect((await dropOldLines(file, Date.parse(old!.to) + 1)).old?.lines).toBe(2);
  expect(readFileSync(file, 'utf8')).toBe(`${timeOf(9000)} three\n`);
});
