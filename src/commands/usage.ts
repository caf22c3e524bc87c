import { pluralOf, vocabularyOf } from '../protocol/vocabulary.ts';
import type { Command, Registry } from './define.ts';
import { notFound } from './errors.ts';

/** `stop instance <id …> [graceful] [force] [state=…]` */
const usage = (command: Command): string => {
  const target = command.target === 'none' ? [] : [command.target === 'required' ? '<id …|all|state>' : '[id …|state]'];
  const text = command.text === undefined ? [] : [`["${command.text}"]`];
  const keys = Object.keys(command.params.shape)
    .filter((key) => !['id', 'scope', 'state', command.text].includes(key))
    .map((key) => `[${key}=…]`);
  return [command.verb, command.noun, ...target, ...text, ...command.modifiers.map((one) => `[${one}]`), ...keys].join(
    ' ',
  );
};

/** The command in the words of the shell: noun first, plural. */
export const shellName = (command: { verb: string; noun: string }): string => {
  return `${pluralOf(command.noun)} ${command.verb}`;
};

/** Everything help says about a command, as data and as text. */
export const describeCommand = (command: Command) => {
  const options = Object.entries(command.params.shape).flatMap(([key, schema]) => {
    const description = (schema as { description?: string }).description;
    return description === undefined ? [] : [`  ${key.padEnd(12)} ${description}`];
  });
  const described = {
    name: `${command.verb} ${command.noun}`,
    shell: shellName(command),
    summary: command.summary,
    usage: usage(command),
    example: command.example,
    role: command.role,
    destructive: command.loss !== undefined,
  };
  const text = [
    `${described.name}: ${command.summary}.`,
    `  usage:       ${described.usage}`,
    `  in a shell:  drover ${described.shell}`,
    `  example:     ${command.example}`,
    `  role:        ${command.role}`,
    `  destructive: ${described.destructive ? 'yes, asks first when something is at stake' : 'no'}`,
    ...(options.length > 0 ? ['', ...options] : []),
  ].join('\n');
  return { ...described, text };
};

/** All commands with an example each. */
export const overview = (registry: Registry): string => {
  const width = Math.max(...registry.commands.map((one) => one.example.length));
  const lines = registry.commands.map((one) => `  ${one.example.padEnd(width)}  ${one.summary}`);
  const head = 'Say what you want in words; the same works in the prompt bar and as drover do "…".';
  return [head, '', ...lines, '', 'More of one: help stop instance'].join('\n');
};

/** The commands that these words name, by verb, noun or both in either order; an error with the nearest word when none. */
export const helpFor = (registry: Registry, words: readonly string[]) => {
  const { verbs, nouns } = vocabularyOf(registry.signatures);
  const found = registry.commands.filter(({ verb, noun }) =>
    words.every((word) => {
      const key = word.toLowerCase();
      return nouns.get(key)?.noun === noun || verbs.get(key)?.some((reading) => reading.verb === verb);
    }),
  );
  if (found.length > 0) return found.map(describeCommand);
  const known = [...new Set(registry.commands.flatMap((one) => [one.verb, one.noun]))];
  throw notFound({ noun: 'help topic', id: words.join(' '), known });
};
