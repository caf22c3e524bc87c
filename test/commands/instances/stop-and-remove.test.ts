import { expect, test } from 'vitest';
import type { Context } from '../../../src/commands/define.ts';
import { removeInstance } from '../../../src/commands/instances/remove-instance.ts';
import { stopLoss } from '../../../src/commands/instances/stop-and-remove.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { partOf } from '../../helpers/context.ts';
import { openDesk } from '../../helpers/desk.ts';
import {
  assigned,
  begin,
  claimed,
  created,
  instance,
  moved,
  requested,
  started,
  verified,
} from '../../tasks/journal.ts';

const at = (task: string, id: string): EventDraft[] => [
  created(task),
  requested(task),
  assigned(task, id),
  started(task, id),
];

const losesOf = (...facts: readonly EventDraft[]): string | undefined => {
  const state = begin(...facts);
  return stopLoss(state, Object.values(state.instances), { force: false })?.loses;
};

test('an agent that waits or works after its task is done ends no run', () => {
  expect(losesOf(...instance('c-1'), ...at('t1', 'c-1'), claimed('t1'), verified('t1'), moved('c-1', 'waiting'))).toBe(
    'This stops 1 instance (c-1): c-1 has no task; work in progress is committed.',
  );
});

test('runs and agents without one are told apart', () => {
  const three = [...instance('c-1', 'working'), ...instance('c-2', 'waiting'), ...instance('c-3', 'working')];
  expect(losesOf(...three, ...at('t1', 'c-1'))).toBe(
    'This stops 3 instances (c-1, c-2, c-3): 1 task run ends unfinished (t1); c-2, c-3 have no task; work in progress is committed.',
  );
  expect(losesOf(...instance('c-1'), ...instance('c-2'))).toContain('none of them is at work');
});

test('who is asked about agents that are removed is told which runs end unfinished', async () => {
  const parts = {
    settings: settingsSchema.parse({}),
    git: partOf<Context['git']>({ hasWorktree: async () => false }),
  };
  const facts = [...instance('c-1', 'working'), ...at('t1', 'c-1'), ...instance('c-2')];
  const ask = async (line: string) => (await openDesk(removeInstance, facts, parts).propose(line)).message;
  expect(await ask('remove instance c-1')).toContain(
    'takes their worktrees away: 1 task run ends unfinished (t1); uncommitted',
  );
  expect(await ask('remove instance c-2')).toContain('takes their worktrees away; uncommitted');
});
