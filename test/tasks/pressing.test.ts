import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EventDraft, State } from '../../src/state/index.ts';
import { ranksIn } from '../../src/tasks/pressing.ts';
import { after, begin, created } from './journal.ts';

/** The ranks as they are without anything that is known of states before. */
const ranksAnew = ({ specs, tasks }: State) => ranksIn(structuredClone({ specs, tasks }));

const IDS = ['t1', 't2', 't3', 't4', 't10'];
const id = fc.constantFrom(...IDS);

const change = fc.oneof(
  fc.record({ what: fc.constant('edit' as const), id, complexity_score: fc.integer({ min: 1, max: 9 }) }),
  fc.record({ what: fc.constant('group' as const), id, group: fc.constantFrom('1', '2', null) }),
  fc.record({ what: fc.constant('depend' as const), id, on: id }),
  fc.record({ what: fc.constant('cancel' as const), id }),
  fc.record({ what: fc.constant('remove' as const), id }),
  fc.record({ what: fc.constant('create' as const), id }),
  fc.record({ what: fc.constant('request' as const), id }),
);

const draftOf = (
  state: State,
  one: typeof change extends fc.Arbitrary<infer Change> ? Change : never,
): EventDraft[] => {
  const isThere = Object.hasOwn(state.tasks, one.id);
  if (one.what === 'create') return isThere ? [] : [created(one.id)];
  if (!isThere) return [];
  if (one.what === 'remove') return [{ type: 'task.removed', data: { id: one.id } }];
  if (one.what === 'cancel') return [{ type: 'task.cancelled', data: { id: one.id } }];
  if (one.what === 'request') return [{ type: 'task.requested', data: { ids: [one.id] } }];
  const changes =
    one.what === 'edit'
      ? { complexity_score: one.complexity_score }
      : one.what === 'group'
        ? { group: one.group }
        : { dependencies: one.on === one.id ? [] : [one.on] };
  return [{ type: 'task.edited', data: { id: one.id, changes } }];
};

test('what is known of the ranks of a state before never differs from what they are', () => {
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 12 }), (changes) => {
      let state = begin(...IDS.map((one) => created(one)));
      for (const one of changes) {
        ranksIn(state);
        state = after(state, ...draftOf(state, one));
        expect(ranksIn(state)).toEqual(ranksAnew(state));
      }
    }),
  );
});

test('a change that ranks no task anew leaves what was known', () => {
  const state = begin(...IDS.map((one) => created(one)));
  const known = ranksIn(state);
  expect(ranksIn(after(state, { type: 'task.requested', data: { ids: ['t1'] } }))).toBe(known);
});
