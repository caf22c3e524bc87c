import { expect, test } from 'vitest';
import { deliver } from '../../../src/daemon/integration/deliver.ts';
import type { DaemonServices } from '../../../src/daemon/services.ts';
import type { Git } from '../../../src/ports/index.ts';
import { type EventDraft, reduceAll, type State } from '../../../src/state/index.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { servicesOn } from '../../helpers/target.ts';
import { stateOf } from '../../state/fold.ts';
import { numbered } from '../../state/story.ts';

const ID = 'batch-1';
const STARTED: EventDraft = {
  type: 'batch.started',
  data: { id: ID, target: 'drover/integration', base_commit: 'merged', tasks: [], deliver_to: 'main' },
};
const BEGUN: EventDraft = {
  type: 'batch.delivering',
  data: { id: ID, branch: 'main', from_commit: 'base', to_commit: 'merged' },
};

/** The next daemon's look at a delivery, whose branch is where a person has committed on top of what was merged. */
const delivered = async (...before: readonly EventDraft[]): Promise<State['batches'][string]['delivery']> => {
  let state = stateOf(STARTED, ...before);
  const git: Partial<Git> = {
    resolve: async () => 'theirs',
    isAncestor: async (commit, of) => commit === 'merged' && of === 'theirs',
    worktrees: async () => [],
    finishForwards: async () => [],
    currentBranch: async () => 'main',
    mergeTrees: async () => ({ kind: 'conflict', files: ['a'], detail: '' }),
  };
  const services = {
    ...servicesOn({ git, paths: { key: 'key', worktrees: '/w' } }),
    settings: settingsSchema.parse({}),
    store: {
      get state() {
        return state;
      },
    },
    decide: async (facts: (now: State) => readonly EventDraft[]) => {
      state = reduceAll(state, numbered(facts(state), state.seq + 1));
    },
  } as unknown as DaemonServices;
  await deliver(services, ID, async () => undefined);
  return state.batches[ID]!.delivery;
};

test('[STO-7] a delivery that came to its end is delivered, also where the batch was cancelled after that', async () => {
  const cancelled: EventDraft = { type: 'batch.cancelled', data: { id: ID, by: 'ada' } };
  expect(await delivered(BEGUN, cancelled)).toMatchObject({ state: 'delivered', problem: null });
  expect(await delivered(cancelled)).toMatchObject({ state: 'refused', problem: 'the batch was cancelled by ada' });
});

test('[STO-7] a delivery that came to its end while no daemon was there is delivered, also where its owner went on from it', async () => {
  expect(await delivered(BEGUN)).toMatchObject({ state: 'delivered', problem: null });
  expect(await delivered()).toMatchObject({
    state: 'refused',
    problem: expect.stringMatching(
      /^it has commits that drover\/integration has not; .* "git -C \/w\/integration merge main", then merge once more$/u,
    ),
  });
});
