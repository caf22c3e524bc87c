import { expect, test } from 'vitest';
import { actorText } from '../../src/state/actors.ts';

test.each([
  ['tui', 'you'],
  ['cli', 'you'],
  ['web', 'you'],
  ['web:ada', 'ada'],
  ['kiro-1', 'kiro-1'],
])('what %s has done is told as done by %s', (by, said) => {
  expect(actorText(by)).toBe(said);
});
