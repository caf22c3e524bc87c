import { z } from 'zod';
import { shownLine } from '../lib/text.ts';
import type { Drawing } from './table.ts';

/** The commands that an answer suggests: a screen offers them by number, a text names them at its end. */
export const suggestionsSchema = z
  .array(
    z.object({
      command: z.string().describe('As it can be said; `…` stands where words of one’s own belong'),
      what: z.string().nullable().describe('What it does; null where the command tells that itself'),
    }),
  )
  .describe('The commands that help, the gentlest first');
type Suggestions = z.infer<typeof suggestionsSchema>;
export type Suggestion = Suggestions[number];

/** A command that tells itself what it does. */
export const plainSuggestion = (command: string): Suggestion => ({ command, what: null });

/** Commands up to so many cells stand in a column; what a longer one does follows right behind it. */
const COLUMN = 40;

const rowsOf = (suggestions: readonly Suggestion[]): readonly string[] => {
  const commands = suggestions.map(({ command }) => shownLine(command));
  const width = Math.max(0, ...commands.map(({ length }) => length).filter((length) => length <= COLUMN));
  return suggestions.map(({ what }, i) =>
    what === null ? `  ${commands[i]}` : `  ${commands[i]!.padEnd(width)}  ${shownLine(what)}`,
  );
};

/** The text of an answer with the commands that it suggests. Whoever is shown them apart gets the text alone. */
export const withSuggestions = (
  text: string,
  all: readonly Suggestion[],
  { suggestionsApart = false }: Drawing,
): string => {
  const suggestions = suggestionsApart ? [] : all;
  const [first, ...others] = suggestions;
  if (!first) return text;
  if (others.length === 0 && first.what === null)
    return `${text}\n${text.includes('\n') ? '\n' : ''}Suggested: ${shownLine(first.command)}`;
  return [text, '', 'Suggested:', ...rowsOf(suggestions)].join('\n');
};
