import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pauseInstance, resumeInstance } from '../../../src/daemon/actions/pause-instance.ts';
import type { EventDraft, State } from '../../../src/state/index.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { servicesWith } from '../../helpers/services.ts';
import { servicesOn } from '../../helpers/target.ts';
import { after, begin, instance, moved } from '../../tasks/journal.ts';

const ID = 'c-1';
const requested = (what: 'pause' | 'resume'): EventDraft => ({
  type: `instance.${what}_requested`,
  data: { instance_id: ID },
});
const running = begin(
  ...instance(ID),
  { type: 'instance.started', data: { instance_id: ID, session: 's', pane: '%1', pid: 2 ** 22 + 1 } },
  moved(ID, 'working'),
);

/** A daemon on a machine that cannot say which processes it has; one of the agent was frozen before. */
const blind = (first: State) => {
  const folder = temporaryFolder('pause');
  mkdirSync(`${folder.path}/${ID}`);
  writeFileSync(`${folder.path}/${ID}/frozen.json`, JSON.stringify([{ pid: 2 ** 22 + 2, args: 'agent', mark: 'm' }]));
  const fails = () => Promise.reject(new Error('cannot fork'));
  const store = { state: first };
  const decide = async (facts: (state: State) => EventDraft[]) => {
    const drafts = facts(store.state);
    store.state = after(store.state, ...drafts);
    return drafts;
  };
  const processes = { marks: fails, run: fails, signal: async () => [] };
  const services = servicesWith({
    ...servicesOn({ env: {}, paths: { root: '/', instances: folder.path }, processes }),
    ...{ store, decide, log: () => undefined, signal: new AbortController().signal },
  });
  const state = () => ({ one: store.state.instances[ID]!, alerts: store.state.alerts });
  return { services, state, [Symbol.dispose]: () => folder[Symbol.dispose]() };
};

test('an agent whose processes cannot be read is not said to go on while it is frozen, and may be resumed again', async () => {
  const paused: EventDraft = { type: 'instance.paused', data: { instance_id: ID, evidence: 'frozen: 1 process' } };
  using daemon = blind(after(running, requested('pause'), paused, requested('resume')));
  await resumeInstance(daemon.services, daemon.state().one);
  const { one, alerts } = daemon.state();
  expect(one).toMatchObject({
    hold: 'frozen',
    state: { kind: 'paused', evidence: expect.stringMatching(/^still frozen/) },
  });
  expect(alerts[`frozen:${ID}`]).toMatchObject({ severity: 'error', suggestion: `resume instance ${ID}` });
});

test('an agent that could be paused only in part, and not be let go on, is not said to go on', async () => {
  using daemon = blind(after(running, requested('pause')));
  await pauseInstance(daemon.services, daemon.state().one);
  const { one, alerts } = daemon.state();
  expect(one).toMatchObject({ hold: 'frozen', paused_from: { kind: 'working' } });
  expect(Object.keys(alerts)).toEqual([`frozen:${ID}`]);
});
