import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { CommandLanguage } from '../commands/define.ts';
import { type StructuredAction, structuredActionSchema } from '../protocol/action.ts';
import { parse } from '../protocol/parse.ts';
import { lineChunksOf } from './follow/lines.ts';
import type { Flags, Io } from './io.ts';
import { languageAt } from './language.ts';
import { jsonText, printError, printLine } from './print.ts';

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

const actionLine = ({ verb, noun, modifiers, parameters }: StructuredAction): string => {
  const said = Object.entries(parameters).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return `${verb} ${noun}  modifiers: ${modifiers.join(' ') || 'none'}  parameters: ${said.join(' ') || 'none'}`;
};

/** `drover parse "<text>"` shows how a text is understood, `drover parse -` reads a line a line. Nothing runs. */
export const parseText = async (io: Io, flags: Flags, words: readonly string[]): Promise<number> => {
  const text = words[0] === '--' ? words.slice(1).join(' ') : words.join(' ');
  const language = await languageAt(io);
  if (text === '-' && words.length === 1) return lineByLine(io, language);
  const result = parse(text, language);
  const answer = parseLine(text, language, new Date().toISOString());
  const asJson = flags.json || flags.jsonl;
  const printJson = (value: unknown): void => printLine(io.stdout, jsonText(value, flags.json ? 2 : 0));
  if (!result.ok) {
    if (asJson) printJson(answer);
    return printError(io, result.error);
  }
  const action = structuredActionSchema.parse(answer.ok ? answer.action : undefined);
  if (asJson) printJson(action);
  else printLine(io.stdout, actionLine(action));
  return 0;
};
