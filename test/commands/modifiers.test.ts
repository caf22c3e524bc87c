import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { Command } from '../../src/commands/define.ts';
import { commands } from '../../src/commands/index.ts';

const nameOf = ({ verb, noun }: Pick<Command, 'verb' | 'noun'>): string => `${verb} ${noun}`;

/** The text of each file with a command, by its path, without what only declares modifiers. */
const texts = new Map(
  globSync('src/{commands,text}/**/*.ts').map((path) => [
    path,
    readFileSync(path, 'utf8').replaceAll(/^ +(?:modifiers|aloud|later|contradict\w*): .*$/gmu, ''),
  ]),
);

/** The files that a file imports values from, among commands and what draws their answers. */
const importsOf = (path: string): readonly string[] =>
  [...texts.get(path)!.matchAll(/^(?:import|\} from|import \{[^;]*?\} from) ?[^;]*?'(?<from>\.[^']+)';$/gmu)]
    .map(({ groups }) => join(dirname(path), groups!['from']!))
    .filter((file) => texts.has(file) && !['define.ts', 'dispatch.ts'].includes(basename(file)));

/** The file of a command with what it hands its work to. */
const sourcesOf = ({ verb, noun }: Command): readonly string[] => {
  const own = [...texts.keys()].find((path) => basename(path) === `${verb}-${noun}.ts`)!;
  const alias = /= \{ \.\.\.(?<base>\w+)/u.exec(texts.get(own)!);
  return [own, ...importsOf(own), ...(alias ? importsOf(own).flatMap(importsOf) : [])];
};

/** What reads a modifier: its name in quotes, or for the modes and for what is drawn in full the helper that knows it. */
const readersOf = (modifier: string): RegExp => {
  if (modifier.endsWith('-mode')) return /\b(?:chooseMode|modesIn)\(/u;
  if (modifier === 'detailed') return /'detailed'|\bview\.detailed\b|\bdetails:/u;
  return new RegExp(`'${modifier}'`, 'u');
};

test('a modifier that a command takes is read, or declared to say aloud what the command does anyway', () => {
  const idle = commands.flatMap((command) => {
    const text = sourcesOf(command)
      .map((path) => texts.get(path)!)
      .join('\n');
    return command.modifiers
      .filter((one) => !command.aloud?.includes(one) && !readersOf(one).test(text))
      .map((one) => `${nameOf(command)} ${one}`);
  });
  expect(idle).toEqual([]);
});

test('what a command says aloud is a modifier that it takes', () => {
  const wrong = commands.filter(({ aloud = [], modifiers }) => aloud.some((one) => !modifiers.includes(one)));
  expect(wrong.map(nameOf)).toEqual([]);
});
