import { expect, test } from 'vitest';
import { takeRequest } from '../../../src/daemon/signals/take-request.ts';
import type { EventDraft, State } from '../../../src/state/index.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { servicesWith } from '../../helpers/services.ts';
import { stateOf } from '../../state/fold.ts';
import { instanceCreated } from '../../state/story.ts';
import { ID, request, waits } from './waiting-requests.ts';

test('what a rule would answer by keys waits for a person behind another question, and nobody is said to have decided', async () => {
  const state = stateOf(instanceCreated(ID), waits(request('a')));
  const facts: EventDraft[] = [];
  const services = servicesWith({
    settings: settingsSchema.parse({ permissions: { allow: ['Bash'] } }),
    adapterFor: () => ({}),
    decide: async (decide: (now: State) => readonly EventDraft[]) => void facts.push(...decide(state)),
  });
  const asks = { tool: 'Bash', subject: 'b', whole: true, helper: null };
  const signal = { kind: 'waiting', question: 'May it use Bash: b?', asks } as const;
  await takeRequest(services, state.instances[ID]!, signal, { ask: null, source: 'hook' });
  expect(facts.map(({ type }) => type)).not.toContain('instance.answered');
  expect(facts.find(({ type }) => type === 'instance.moved')).toMatchObject({
    data: { state: 'waiting', question: 'May it use Bash: a?', requests: [{ subject: 'a' }, { subject: 'b' }] },
  });
});
