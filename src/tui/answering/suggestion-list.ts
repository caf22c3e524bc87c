import { withoutControls } from '../../lib/text.ts';
import type { Suggestion } from '../../text/suggestions.ts';
import { suggestionText } from './suggestion.ts';

const isSuggestion = (one: unknown): one is Suggestion => {
  const { command, what } = (one ?? {}) as { readonly command?: unknown; readonly what?: unknown };
  return typeof command === 'string' && (typeof what === 'string' || what === null);
};

/** One line of a text that somebody else may have written, without anything that a terminal would act on. */
const asLine = (text: string): string =>
  withoutControls(text)
    .replace(/[\n\t]+/gu, ' ')
    .trim();

/** The commands that the data of an answer suggests, each as one line. */
export const suggestionsIn = (data: unknown): readonly Suggestion[] => {
  const { suggestions } = (data ?? {}) as { readonly suggestions?: unknown };
  if (!Array.isArray(suggestions)) return [];
  return suggestions
    .filter(isSuggestion)
    .map(({ command, what }) => ({
      command: suggestionText(asLine(command)),
      what: what === null ? null : asLine(what),
    }))
    .filter(({ command }) => command !== '');
};
