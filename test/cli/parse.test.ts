import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import type { Flags, Io } from '../../src/cli/io.ts';
import { parseText } from '../../src/cli/parse.ts';
import { structuredActionSchema } from '../../src/protocol/action.ts';

const flags: Flags = {
  json: false,
  jsonl: false,
  yes: false,
  quiet: false,
  verbose: false,
  help: false,
  settings: [],
};

/** `drover parse -` between two pipes. */
const piped = ({ highWaterMark = 16_384 } = {}) => {
  const [stdin, stdout] = [new PassThrough(), new PassThrough({ highWaterMark })];
  const io = { env: {}, cwd: '/', stdin, stdout, stderr: new PassThrough() } as unknown as Io;
  return { stdin, stdout, exit: parseText(io, flags, ['-']) };
};

const answersIn = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test('[PRT-1] each line is answered at once with one object: the action, or what is wrong', async () => {
  const { stdin, stdout, exit } = piped();
  stdin.write('run task abc beast mode\r\n');
  const [first] = (await once(stdout, 'data')) as [Buffer];
  const [understood] = answersIn(first.toString());
  expect(understood).toMatchObject({ text: 'run task abc beast mode', ok: true });
  expect(structuredActionSchema.parse(understood?.['action'])).toMatchObject({
    verb: 'run',
    noun: 'task',
    modifiers: ['beast-mode'],
    parameters: { id: 'abc' },
  });
  stdin.end('rnu ta');
  const [second] = (await once(stdout, 'data')) as [Buffer];
  expect(answersIn(second.toString())).toEqual([
    {
      text: 'rnu ta',
      ok: false,
      error: expect.objectContaining({ code: 'protocol/unknown-word', message: 'Unknown verb "rnu".', exit: 2 }),
    },
  ]);
  expect(await exit).toBe(0);
});

test('who reads slowly is waited for, and gets every answer in the order of the lines', async () => {
  const { stdin, stdout, exit } = piped({ highWaterMark: 100 });
  const lines = Array.from({ length: 500 }, (_, at) => `run task ${at}`);
  for (let at = 0; at < lines.length; at += 50) stdin.write(`${lines.slice(at, at + 50).join('\n')}\n`);
  // A line may come in pieces.
  stdin.write('run task "la');
  stdin.end('st"\n');
  expect(stdout.writableNeedDrain || stdout.readableLength === 0).toBe(true);
  let text = '';
  stdout.on('data', (data: Buffer) => {
    text += data.toString();
  });
  expect(await exit).toBe(0);
  stdout.end();
  await once(stdout, 'end');
  expect(answersIn(text).map((answer) => answer['text'])).toEqual([...lines, 'run task "last"']);
  expect(answersIn(text).every((answer) => answer['ok'] === true)).toBe(true);
});
