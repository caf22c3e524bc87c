import { createContext, use } from 'react';
import { parse } from '../../../src/protocol/parse.ts';
import type { CommandHelp, LanguageAnswer } from '../../../src/web/wire.ts';

/** What lines are said in; null before it is there. */
export const LanguageContext = createContext<LanguageAnswer | null>(null);

export const useLanguage = (): LanguageAnswer | null => use(LanguageContext);

/** The command that a line says; undefined where it says none. */
export const commandOf = (line: string, language: LanguageAnswer): CommandHelp | undefined => {
  const read = parse(line.replaceAll('…', 'x'), language);
  if (!read.ok) return undefined;
  const { verb, noun } = read.meaning;
  return language.commands.find((one) => one.verb === verb && one.noun === noun);
};
