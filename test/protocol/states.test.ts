import { expect, test } from 'vitest';
import { parse } from '../../src/protocol/parse.ts';
import { INSTANCE_STATES } from '../../src/state/instances.ts';
import { TASK_STATES } from '../../src/state/tasks.ts';
import { language } from '../fixtures/signatures.ts';

const nounsOf = { instances: INSTANCE_STATES, tasks: TASK_STATES };
const pairs = Object.entries(nounsOf).flatMap(([noun, states]) => states.map((state) => [state, noun] as const));

test.each(pairs)('every state is a word of the language: list %s %s', (state, noun) => {
  const result = parse(`list ${state} ${noun}`, language);
  expect(result.ok ? result.meaning : result.error.message).toMatchObject({
    verb: 'list',
    noun: noun.slice(0, -1),
    parameters: { state: [expect.any(String)] },
  });
});
