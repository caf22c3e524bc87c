import { expect, test } from 'vitest';
import { type Begun, startedFacts } from '../../../src/daemon/actions/started-program.ts';
import type { PaneInfo } from '../../../src/ports/index.ts';
import { servicesWith } from '../../helpers/services.ts';
import { begin, instance } from '../../tasks/journal.ts';

const services = servicesWith({ adapterFor: () => ({ hooks: true, startsOnScreen: false }) });
const pane = { session: 'c-1', pane: '%1', pid: 7, server: 1 } as unknown as PaneInfo;

/** What becomes known of its conversation with the start of a program, where the one before had one. */
const conversed = (conversation: Begun['conversation']) => {
  const state = begin(...instance('c-1', 'idle'), {
    type: 'instance.conversed',
    data: { instance_id: 'c-1', conversation: 'before' },
  });
  const begun: Begun = { word: 'w', run: null, argv: ['agent'], conversation, notes: [] };
  return startedFacts(services, state, state.instances['c-1']!, { pane, begun }).flatMap((fact) =>
    fact.type === 'instance.conversed' ? [fact.data.conversation] : [],
  );
};

test.each([
  ['another one that is known replaces it', 'after', ['after']],
  ['one that nobody knows yet, in another home, has it forgotten', null, [null]],
  ['where it is gone on with, nothing is recorded', 'before', []],
  ['where nothing is said of it, it stays', undefined, []],
])('the conversation before, with the start that succeeded: %s', (_what, conversation, expected) => {
  expect(conversed(conversation)).toEqual(expected);
});
