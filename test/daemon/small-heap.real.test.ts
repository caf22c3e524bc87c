import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';

/** A program that needs a lot at once, works on with little, and ends when V8 has no more pages than it needs, or after its time. */
const PROGRAM = `
import { readFileSync } from 'node:fs';
import { keepHeapSmall } from '${new URL('../../src/daemon/small-heap.ts', import.meta.url).href}';
const PAGE_KB = 256;
const pagesMb = () => {
  const sizes = readFileSync('/proc/self/smaps', 'utf8').matchAll(/^Size: +(\\d+) kB$/gmu);
  return [...sizes].filter(([, size]) => Number(size) === PAGE_KB).length * PAGE_KB / 1000;
};
const spareMb = () => pagesMb() - process.memoryUsage().heapTotal / 1e6;
let much = Array.from({ length: 600_000 }, (_, n) => ({ n, all: [n, n + 1] }));
const needed = pagesMb();
much = undefined;
let made = [];
const work = () => {
  made = made.length > 20_000 ? [] : made;
  for (let n = 0; n < 2000; n += 1) made.push({ n, text: String(n) });
};
const began = performance.now();
if (process.argv[1] === 'small') keepHeapSmall();
const timer = setInterval(() => {
  work();
  const isOver = performance.now() - began > Number(process.argv[2]);
  if (!isOver && (pagesMb() > needed / 2 || spareMb() > 16)) return;
  clearInterval(timer);
  process.stdout.write(JSON.stringify({ isOver }));
}, 5);
`;

const run = async (how: string, ms: number): Promise<{ isOver: boolean }> => {
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', PROGRAM, how, String(ms)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return JSON.parse(said) as { isOver: boolean };
};

test.skipIf(!existsSync('/proc/self/smaps'))(
  'a program that works on gives back what it has needed at once',
  async () => {
    expect(await run('small', 60_000)).toEqual({ isOver: false });
  },
);
