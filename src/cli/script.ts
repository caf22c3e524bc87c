import { resolve } from 'node:path';
import { readBounded } from '../files/bounded-file.ts';
import { findObstacle } from '../files/obstacle.ts';
import { codeOf, defineError, messageOf } from '../lib/errors.ts';
import { hintFor } from '../protocol/hint.ts';
import { splitScript } from '../protocol/script.ts';
import { scriptOf } from '../tui/prompt/prompt-script.ts';
import type { Io } from './io.ts';
import { languageAt } from './language.ts';

/** A command of a script, and where it stands there. */
export type ScriptCommand = { readonly place: string; readonly text: string };

/** The commands of lines, each told when its line was read: one a line or between `;`, `#` begins a comment. */
export const commandsIn = async function* (
  lines: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<ScriptCommand> {
  let number = 0;
  for await (const line of lines) {
    number += 1;
    for (const text of splitScript(line)) yield { place: `line ${number}`, text };
  }
};

const noScript = defineError('cli/no-script', 3, (p: { file: string; why: string }) => ({
  message: `The script ${p.file} cannot be read: ${p.why}.`,
  hint: 'Name a file with one command a line, or give the commands on the standard input: drover do -',
}));

/** Bytes of a script that are read, far more than anybody writes. */
const MOST_BYTES = 4 * 1024 ** 2;

/** The lines of a file that holds a script. */
export const linesOfFile = async ({ cwd }: Pick<Io, 'cwd'>, file: string): Promise<readonly string[]> => {
  const path = resolve(cwd, file);
  const { bytes, refused = 'is not there' } = await readBounded(path, MOST_BYTES).catch((error: unknown) => ({
    bytes: undefined,
    refused: error,
  }));
  if (bytes === undefined) {
    const why = typeof refused === 'string' ? `it ${refused}` : await findObstacle(path, MOST_BYTES);
    throw noScript({ file, why: why ?? `the system refuses it (${codeOf(refused) || messageOf(refused)})` });
  }
  return bytes.toString('utf8').split(/\r?\n/u);
};

const noCommand = defineError('cli/no-command', 2, (p: { line: string; why: string }) => ({
  message: `${p.line}: ${p.why}`,
  hint: 'Nothing was run: each of several lines has to be a command.',
}));

/**
 * The commands of a text of several lines, as the command line of the screen takes it; or one, whose words have lines.
 * Nothing is said where a line is no command.
 */
export const commandsOfText = async (io: Io, text: string): Promise<string | readonly ScriptCommand[]> => {
  const language = await languageAt(io);
  const script = scriptOf(text, (line) => hintFor(line, language));
  if (script.kind === 'wrong') throw noCommand({ line: script.line, why: script.message });
  if (script.kind === 'one') return script.text;
  return script.commands.map((command, i) => ({ place: `command ${i + 1}`, text: command }));
};
