import { expect, test } from 'vitest';
import { quietAsideFacts, type SetAside } from '../../../src/daemon/integration/set-aside.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { stateOf } from '../../state/fold.ts';

const file = { path: 'a', solved: true, how: 'as before', lines: 1, hunks: [] };
const examined = (...files: readonly object[]): EventDraft => ({
  type: 'conflict.examined',
  data: { batch: 'batch-2', task: 't2', ours: 'o', theirs: 't', with: [], files: files as never, note: null },
});
const aside: SetAside = { task: 't2', reason: 'conflict', message: 'what resolved it failed', files: ['a'] };
const forgotten = (...files: readonly object[]) =>
  quietAsideFacts(stateOf(examined(...files)), 'batch-2', aside).filter(({ type }) => type === 'conflict.forgotten');

test('what was remembered is forgotten when a gate refuses what it made, and kept where something else was open', () => {
  expect(forgotten({ ...file, memory: 'k1' }, file)).toEqual([{ type: 'conflict.forgotten', data: { keys: ['k1'] } }]);
  expect(forgotten({ ...file, memory: 'k1' }, { ...file, solved: false })).toEqual([]);
  expect(forgotten(file)).toEqual([]);
});
