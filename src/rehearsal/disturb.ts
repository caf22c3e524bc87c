import { setTimeout } from 'node:timers/promises';
import type { Directive, DirectiveName } from './brief.ts';
import type { Desk } from './desk.ts';
import { burn } from './runaway.ts';
import { spendingOf } from './spend.ts';

const FOREVER = 2 ** 31 - 1;
const CHUNK = 64 * 1024;
const FLOOD_DEFAULT = 1024 ** 2;
const FLOOD_LIMIT = 1024 ** 3;
const UNITS: Readonly<Record<string, number>> = { b: 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 };

/** Bytes of `50MB`; at most a gigabyte. */
const bytesOf = (text: string): number => {
  const { amount, unit = 'b' } = /^(?<amount>\d+)\s*(?<unit>[kmg]?b)?$/iu.exec(text)?.groups ?? {};
  return amount === undefined ? FLOOD_DEFAULT : Math.min(FLOOD_LIMIT, Number(amount) * UNITS[unit.toLowerCase()]!);
};

const flood = async (bytes: number, desk: Desk): Promise<void> => {
  const line = 'The quick brown fox jumps over the lazy dog, and is rehearsed again and again.\r\n';
  const chunk = line.repeat(Math.ceil(CHUNK / line.length)).slice(0, CHUNK);
  for (let left = bytes; left > 0; left -= CHUNK) {
    desk.signal.throwIfAborted();
    await desk.raw(left >= CHUNK ? chunk : chunk.slice(0, left));
    // Other input, a Ctrl-C above all, is heard between two chunks.
    await setTimeout(0, undefined, { signal: desk.signal });
  }
};

/** What a hostile or careless program prints: a clipboard write, titles, a hyperlink, a query, modes and a bell. */
const ESCAPES = [
  '\u001B]52;c;ZHJvdmVy\u0007',
  '\u001B]0;title by the agent\u0007',
  '\u001B]2;#(id) #{pane_id}\u001B\\',
  '\u001B]8;;https://example.invalid\u001B\\link\u001B]8;;\u001B\\',
  '\u001B[6n\u001B[c\u001B[?1000h\u001B[?1000l',
  '\u001BPtmux;\u001B\u001B]52;c;ZHJvdmVy\u0007\u001B\\',
  '\u0007\r\n',
].join('');

/** Asks a question and gives the answer; who may do everything asks nobody. */
const ask = async (question: string, desk: Desk): Promise<string | undefined> => {
  if (desk.options.autonomy !== 'full') return desk.ask(question || 'Shall I go on?');
  desk.say(`  decides alone: ${question}`, 'dim');
  return undefined;
};

type Disturbance = (argument: string, desk: Desk) => Promise<void> | void;

/** The directives that disturb the work and ask nobody; the others are carried out where the work is done. */
const DISTURBANCES: Readonly<Partial<Record<DirectiveName, Disturbance>>> = {
  flood: (argument, desk) => flood(bytesOf(argument), desk),
  spend: (argument, desk) => desk.spend(spendingOf(argument)),
  allocate: (argument, desk) => desk.take(bytesOf(argument)),
  burn,
  escape: (_argument, desk) => desk.raw(ESCAPES),
  hang: (_argument, { signal }) => setTimeout(FOREVER, undefined, { signal }),
};

/** Carries out the directives that disturb the work half-way through; gives the answers that were asked for. */
export const disturb = async (directives: readonly Directive[], desk: Desk): Promise<readonly string[]> => {
  const answers: string[] = [];
  for (const { name, argument } of directives) {
    const answer = name === 'ask' ? await ask(argument, desk) : undefined;
    if (answer !== undefined) answers.push(answer);
    await DISTURBANCES[name]?.(argument, desk);
  }
  return answers;
};
