import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { CommandLanguage } from '../commands/define.ts';
import { type StructuredAction, structuredActionSchema } from '../protocol/action.ts';
import { parse } from '../protocol/parse.ts';
import { lineChunksOf } from './follow/lines.ts';
import type { Flags, Io } from './io.ts';
import { languageAt } from './language.ts';
import { printError, printLine } from './print.ts';

type Parsed = { text: string; ok: true; action: StructuredAction } | { text: string; ok: false; error: object };

const parseLine = (text: string, language: CommandLanguage, timestamp: string): Parsed => {
  const result = parse(text, language);
  if (!result.ok) {
    const { code, message, hint, exit } = result.error;
    return {
      text,
      ok: false,
      error: { code, message, hint, exit, ...(result.suggestion ? { suggestion: result.suggestion } : {}) },
    };
  }
  const { verb, noun, modifiers, parameters } = result.meaning;
  const action = {
    verb,
    noun,
    modifiers,
    parameters,
    text,
    timestamp,
    source_instance: 'cli',
    correlation_id: `c-${randomUUID().slice(0, 8)}`,
  };
  return { text, ok: true, action };
};

/** As many lines as have come are answered together: one by one is slow, and waiting for more would keep people waiting. */
const lineByLine = async (io: Io, language: CommandLanguage): Promise<number> => {
  for await (const lines of lineChunksOf(io.stdin)) {
    const timestamp = new Date().toISOString();
    const answers = lines.map((line) => `${JSON.stringify(parseLine(line, language, timestamp))}\n`).join('');
    // Who reads slowly is waited for: the answers would pile up.
    if (!io.stdout.write(answers)) await once(io.stdout, 'drain');
  }
  return 0;
};

/** `drover parse "<text>"` shows how a text is understood, `drover parse -` reads a line a line. Nothing runs. */
export const parseText = async (io: Io, flags: Flags, words: readonly string[]): Promise<number> => {
  const text = words[0] === '--' ? words.slice(1).join(' ') : words.join(' ');
  const language = await languageAt(io);
  if (text === '-' && words.length === 1) return lineByLine(io, language);
  const result = parse(text, language);
  if (!result.ok) {
    if (flags.json || flags.jsonl)
      printLine(
        io.stdout,
        JSON.stringify(parseLine(text, language, new Date().toISOString()), null, flags.json ? 2 : 0),
      );
    return printError(io, result.error);
  }
  const answer = parseLine(text, language, new Date().toISOString());
  const action = structuredActionSchema.parse(answer.ok ? answer.action : undefined);
  const { verb, noun, modifiers, parameters } = action;
  const said = Object.entries(parameters).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  printLine(
    io.stdout,
    flags.json || flags.jsonl
      ? JSON.stringify(action, null, flags.json ? 2 : 0)
      : `${verb} ${noun}  modifiers: ${modifiers.join(' ') || 'none'}  parameters: ${said.join(' ') || 'none'}`,
  );
  return 0;
};
