import { nearest } from '../lib/text.ts';
import { unknownEventType } from './errors.ts';
import { eventSchemas } from './model.ts';

const nounOf = (type: string): string => type.split('.', 1)[0]!;

/** The types of events that words stand for: one type (`task.created`) or all of a noun (`task`), several with commas. */
export const eventTypesOf = (text: string): ReadonlySet<string> => {
  const types = Object.keys(eventSchemas);
  const nouns = [...new Set(types.map(nounOf))];
  const found = text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
    .flatMap((word) => {
      const some = types.filter((type) => type === word || nounOf(type) === word);
      if (some.length === 0) throw unknownEventType({ type: word, meant: nearest(word, [...types, ...nouns]), nouns });
      return some;
    });
  if (found.length === 0) throw unknownEventType({ type: text, nouns });
  return new Set(found);
};
