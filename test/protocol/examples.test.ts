import { describe, expect, test } from 'vitest';
import { signatureOf } from '../../src/commands/define.ts';
import { understand } from '../../src/commands/dispatch.ts';
import { commands } from '../../src/commands/index.ts';
import { AppError } from '../../src/lib/errors.ts';
import { exampleOf } from '../../src/protocol/example.ts';
import { exampleValue } from '../../src/protocol/example-value.ts';
import { parse } from '../../src/protocol/parse.ts';
import { language } from '../fixtures/signatures.ts';

/** The lines that a hint shows as examples, each up to what joins it to the next sentence. */
const examplesIn = (hint: string): readonly string[] =>
  [...hint.matchAll(/(?:or example: |, or: |Did you mean: )(?<line>.+?)(?=, or: |\.? See: |\?(?: |$)|$)/gu)].map(
    ({ groups }) => groups!['line']!,
  );

/** What a line says, or why it is refused. */
const meant = (line: string): string => {
  try {
    const { command } = understand(language, { text: line });
    return `${command.verb} ${command.noun}`;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return `${line}: ${error.message}`;
  }
};

describe.each(commands.map((command) => [`${command.verb} ${command.noun}`, command] as const))(
  '%s',
  (name, command) => {
    test('[PRT-5] what it lacks is asked for with lines that are understood as the same command', () => {
      const found = parse(name, language);
      const examples = found.ok ? [] : examplesIn(found.error.hint);
      expect(examples.map(meant)).toEqual(examples.map(() => name));
    });

    const { parameters, values } = signatureOf(command);
    const keys = parameters.filter(
      (key) => !['scope', 'op', 'confirm'].includes(key) && !command.later?.parameters?.includes(key),
    );

    test.each(keys)('[PRT-5] %s without a value is asked for with one that it takes', (key) => {
      const begun = command.verb === 'test' ? exampleOf(signatureOf(command)) : name;
      for (const option of [`--${key}`, `${key}=`]) {
        const found = parse(`${begun} ${option}`, language);
        if (found.ok || !found.error.message.includes('needs a value')) continue;
        const value = exampleValue(signatureOf(command), key);
        const dashes = option.startsWith('--') ? '--' : '';
        expect(found.error.hint).toBe(`For example: ${dashes}${key}=${value}`);
        expect(values?.[key] ?? [value]).toContain(value);
        // Beside something else it may be one thing too many, but it is never a bad value.
        expect(meant(`${exampleOf(signatureOf(command))} ${key}=${value}`)).not.toContain(`: ${key}: `);
      }
    });
  },
);
