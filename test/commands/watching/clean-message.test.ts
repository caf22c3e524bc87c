import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { cleanMessage } from '../../../src/commands/watching/clean-message.ts';
import type { Context } from '../../../src/commands/define.ts';
import { dropOldLines, findOldLines } from '../../../src/files/old-lines.ts';
import { partOf } from '../../helpers/context.ts';
import { openDesk } from '../../helpers/desk.ts';
import { temporaryFolder } from '../../helpers/folder.ts';

/** Somebody who says commands on the first day of 2026, with a real log of what was said before. */
const openLog = (text: string) => {
  const folder = temporaryFolder('clean-message');
  const file = `${folder.path}/communication.log`;
  writeFileSync(file, text);
  const messages = {
    old: (before: number) => findOldLines(file, before),
    letGo: (before: number) => dropOldLines(file, before),
  };
  const desk = openDesk(cleanMessage, [], { history: partOf<Context['history']>({ messages }) });
  return { desk, read: () => readFileSync(file, 'utf8'), [Symbol.dispose]: folder[Symbol.dispose] };
};

const line = (at: string, text = 'cli c-1 → status swarm') => `${at} ${text}\n`;
const NOVEMBER = line('2025-11-01T08:00:00.000Z') + line('2025-11-30T08:00:00.000Z');
const DECEMBER = line('2025-12-20T08:00:00.000Z');

test('the lines of what was said that are old enough go, after a question that says which', async () => {
  using log = openLog(NOVEMBER + DECEMBER);
  const { desk } = log;
  const stays =
    'Messages that wait to be taken stay, and so does the journal: "clean events older=30d" lets go of that.';
  expect(await desk.say('clean messages older=30d dry-run')).toMatchObject({
    message: `This would let go of 2 lines, 2025-11-01T08:00:00Z to 2025-11-30T08:00:00Z, and free 0.0 MB. ${stays}`,
    data: {
      removed: { lines: 2, bytes: Buffer.byteLength(NOVEMBER) },
      kept: { from: '2025-12-20T08:00:00.000Z' },
      dry_run: true,
    },
  });
  expect(await desk.propose('clean messages older=30d')).toMatchObject({
    exit: 5,
    confirm: { targets: ['messages until 2025-11-30T08:00:00.000Z'], loses: expect.stringContaining('2 lines') },
  });
  expect(log.read()).toBe(NOVEMBER + DECEMBER);
  expect(await desk.say('clean messages older=30d')).toMatchObject({
    message: 'Let go of 2 lines, 2025-11-01T08:00:00Z to 2025-11-30T08:00:00Z; 0.0 MB are free again.',
    sideEffects: ['2 lines removed from communication.log'],
  });
  expect(log.read()).toBe(DECEMBER);
  expect(await desk.propose('clean messages older=30d')).toMatchObject({
    exit: 0,
    message: 'No message is let go of: the first was said at 2025-12-20T08:00:00Z, which is less than 30d ago.',
  });
});

test('where nothing was said that is told, and an age has to be said', async () => {
  using log = openLog('');
  expect((await log.desk.say('clean messages older=30d')).message).toBe('No message is let go of: nothing was said.');
  expect(await log.desk.say('clean messages')).toMatchObject({ exit: 2 });
  expect(await log.desk.say('clean messages older=1m')).toMatchObject({ exit: 2 });
});
