import { type CommandLanguage, mayAsk } from '../../commands/define.ts';
import { parametersOf } from '../../text/help/parameters.ts';
import type { CommandHelp, LanguageAnswer } from '../wire.ts';

const answers = new WeakMap<CommandLanguage, LanguageAnswer>();

const helpOf = (command: CommandLanguage['commands'][number]): CommandHelp => {
  const { verb, noun, summary, example, role, agents = false, reads, writesWith = [], looksWith = null } = command;
  const who = { role, agents, reads, writesWith, looksWith };
  return { verb, noun, summary, example, ...who, asks: mayAsk(command), params: parametersOf(command.params) };
};

/** A language as data, once for each. */
export const languageAnswer = (language: CommandLanguage): LanguageAnswer => {
  const known = answers.get(language);
  if (known) return known;
  const { signatures, agents, modes = [], commands } = language;
  const answer = { signatures, agents, modes, commands: commands.map(helpOf) };
  answers.set(language, answer);
  return answer;
};
