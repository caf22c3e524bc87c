import { expect, test } from 'vitest';
import { placeIntegration } from '../../../src/daemon/integration/integration-worktree.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { servicesWith } from '../../helpers/services.ts';
import { servicesOn } from '../../helpers/target.ts';

test.each([
  ['a batch that begins keeps what somebody has changed there', false, 'add'],
  ['[STO-7] one that was cut off and goes on does not', true, 'checkout'],
])('%s', async (_what, again, wanted) => {
  const did: string[] = [];
  const git = {
    hasWorktree: async () => true,
    keepStaged: async () => null,
    snapshot: async () => null,
    underWay: async () => null,
    checkout: async () => void did.push('checkout'),
    addWorktree: async () => void did.push('add'),
  };
  await placeIntegration(servicesWith(servicesOn({ git })), '/w', { commit: 'c', again });
  expect(did).toEqual([wanted]);
});

test('what somebody has only staged there is kept and told as well', async () => {
  const told: EventDraft[] = [];
  const kept = 'refs/drover/archive/integration-staged';
  const git = {
    hasWorktree: async () => true,
    underWay: async () => null,
    keepStaged: async () => kept,
    snapshot: async () => null,
    addWorktree: async () => undefined,
  };
  const decide = async (work: () => readonly EventDraft[]) => void told.push(...work());
  await placeIntegration(servicesWith({ ...servicesOn({ git }), decide }), '/w', { commit: 'c', again: false });
  expect(told).toMatchObject([
    { type: 'alert.raised', data: { text: expect.stringContaining(`is kept in ${kept}.`) } },
  ]);
});
