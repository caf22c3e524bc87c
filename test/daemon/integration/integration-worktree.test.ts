import { expect, test } from 'vitest';
import { placeIntegration } from '../../../src/daemon/integration/integration-worktree.ts';
import { servicesWith } from '../../helpers/services.ts';
import { servicesOn } from '../../helpers/target.ts';

test.each([
  ['a batch that begins keeps what somebody has changed there', false, 'add'],
  ['[STO-7] one that was cut off and goes on does not', true, 'checkout'],
])('%s', async (_what, again, wanted) => {
  const did: string[] = [];
  const git = {
    hasWorktree: async () => true,
    snapshot: async () => null,
    checkout: async () => void did.push('checkout'),
    addWorktree: async () => void did.push('add'),
  };
  await placeIntegration(servicesWith(servicesOn({ git })), '/w', { commit: 'c', again });
  expect(did).toEqual([wanted]);
});
