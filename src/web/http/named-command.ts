import type { CommandLanguage } from '../../commands/define.ts';
import type { Meaning } from '../../protocol/action.ts';
import { say } from '../../protocol/say.ts';
import { notServed } from '../errors.ts';

/** A command that is said by its name and fields, as the line that says the same. */
export const lineOf = ({ commands }: CommandLanguage, meaning: Meaning): string => {
  const isKnown = commands.some(({ verb, noun }) => verb === meaning.verb && noun === meaning.noun);
  if (!isKnown) throw notServed({ what: 'such command' });
  return say(meaning);
};
