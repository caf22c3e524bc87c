import type { CommandLanguage } from '../../commands/define.ts';
import type { Meaning } from '../../protocol/action.ts';
import { parse } from '../../protocol/parse.ts';
import { say } from '../../protocol/say.ts';
import { notServed, notUnderstood } from '../errors.ts';

/** What a line says that was not asked, or passes over: a list, or the name of a field, may read on as something else. */
const strayIn = (read: Meaning, asked: Meaning): string | undefined => {
  if (read.verb !== asked.verb || read.noun !== asked.noun) return `${read.verb} ${read.noun}`;
  const [said, meant] = [read, asked].map(({ modifiers, parameters }) => [...modifiers, ...Object.keys(parameters)]);
  return (
    said!.find((word) => !meant!.includes(word)) ?? Object.keys(asked.parameters).find((key) => !said!.includes(key))
  );
};

/** An element of a list that is read as several: a line has no way to say a comma within one. */
const splitIn = (read: Meaning, asked: Meaning): string | undefined =>
  Object.entries(asked.parameters)
    .flatMap(([key, value]) => (Array.isArray(value) ? value.map((one) => ({ key, one })) : []))
    .find(({ key, one }) => one.includes(',') && ![read.parameters[key]].flat().includes(one))?.one;

/** A command that is said by its name and fields, as the line that says the same. */
export const lineOf = (language: CommandLanguage, asked: Meaning): string => {
  const isKnown = language.commands.some(({ verb, noun }) => verb === asked.verb && noun === asked.noun);
  if (!isKnown) throw notServed({ what: 'such command' });
  const line = say(asked);
  const read = parse(line, language);
  const stray = read.ok ? strayIn(read.meaning, asked) : undefined;
  if (stray !== undefined)
    throw notUnderstood({ why: `its fields do not say what they seem to, at ${JSON.stringify(stray)}` });
  const split = read.ok ? splitIn(read.meaning, asked) : undefined;
  if (split !== undefined)
    throw notUnderstood({ why: `${JSON.stringify(split)} stands in a list, and its comma would make two of it` });
  return line;
};
