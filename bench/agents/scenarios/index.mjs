import { ends } from './ends.mjs';
import { persons } from './persons.mjs';
import { questions } from './questions.mjs';
import { troubles } from './troubles.mjs';
import { turns } from './turns.mjs';

const named = (group) =>
  Object.entries(group).map(([name, what]) => ({ name, ...(typeof what === 'function' ? { run: what } : what) }));

/** All scenarios in the order in which they are played. */
export const scenarios = [turns, questions, troubles, persons, ends].flatMap(named);
