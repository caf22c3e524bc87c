import { expect, test } from 'vitest';
import { makeTmuxVisibility } from '../../../src/daemon/watch/tmux-visibility.ts';
import { type AppEvent, type EventDraft, reduce, type State } from '../../../src/state/index.ts';
import type { InstanceStateName } from '../../../src/state/instances.ts';
import { servicesWith } from '../../helpers/services.ts';
import { servicesOn } from '../../helpers/target.ts';
import { stateOf } from '../../state/fold.ts';
import { instanceCreated } from '../../state/story.ts';

const moved = (instance_id: string, state: InstanceStateName, more = {}): EventDraft => ({
  type: 'instance.moved',
  data: { instance_id, state, source: 'hook', ...more },
});
const begun = (id: string): EventDraft[] => [
  instanceCreated(id),
  { type: 'instance.started', data: { instance_id: id, session: 's', pane: '%1', pid: 7 } },
];

/** A daemon's services in which facts are folded, with a clock that is set by hand. */
const blindable = (first: State) => {
  const place = { state: first, now: 0 };
  const services = {
    get store() {
      return { state: place.state };
    },
    now: () => new Date(place.now).toISOString(),
    decide: async (facts: (state: State) => readonly EventDraft[]) => {
      for (const draft of facts(place.state)) {
        const event = { ...draft, seq: place.state.seq + 1, at: services.now(), actor: 'a', corr: 'c' } as AppEvent;
        place.state = reduce(place.state, event);
      }
    },
  };
  const visibility = makeTmuxVisibility(servicesWith(services), servicesOn({}).home);
  const kinds = () => Object.values(place.state.instances).map((one) => [one.state.kind, one.question]);
  return { place, visibility, kinds };
};

const requests = [{ ask: 'p', tool: 'Bash', subject: 'x', helper: null, question: 'Which?' }];
const asks = { question: 'Which?', evidence: 'asks', requests };
const first = stateOf(
  ...begun('a-1'),
  moved('a-1', 'waiting', asks),
  ...begun('b-1'),
  moved('b-1', 'limited', { until: '2026-01-01T00:00:00.000Z' }),
  ...begun('c-1'),
  moved('c-1', 'failed'),
);

test('after a start nothing counts as known until somebody has seen it, and then it is what it was', async () => {
  const { place, visibility, kinds } = blindable(first);
  await visibility.noteUnseen('no answer');
  expect(kinds()).toEqual([
    ['unknown', null],
    ['unknown', null],
    ['failed', null],
  ]);
  expect(place.state.instances['a-1']!.state).toMatchObject({ source: 'drover', evidence: 'not seen: no answer' });
  await visibility.noteUnseen('no answer');
  await visibility.noteSeen();
  expect(kinds()).toEqual([
    ['waiting', 'Which?'],
    ['limited', null],
    ['failed', null],
  ]);
  expect(place.state.instances['a-1']!.requests).toEqual(requests);
  expect(place.state.instances['b-1']!.state).toMatchObject({ source: 'hook', until: '2026-01-01T00:00:00.000Z' });
  await visibility.noteSeen();
  expect(place.state.instances['a-1']!.transitions.map(({ kind }) => kind).slice(-3)).toEqual([
    ...['waiting', 'unknown', 'waiting'],
  ]);
});

test('a moment without an answer is no loss of sight, and a new daemon sees again what the one before did not', async () => {
  const { place, visibility, kinds } = blindable(first);
  await visibility.noteSeen();
  place.now = 4000;
  await visibility.noteUnseen('busy');
  expect(kinds()[0]).toEqual(['waiting', 'Which?']);
  place.now = 5000;
  await visibility.noteUnseen('busy');
  expect(kinds()[0]).toEqual(['unknown', null]);
  const back = blindable(first);
  back.place.now = 3_600_000;
  await back.visibility.noteSeen();
  back.place.now = 1000;
  await back.visibility.noteUnseen('gone, and the clock was set back');
  expect(back.kinds()[0]).toEqual(['unknown', null]);
  const next = blindable(place.state);
  await next.visibility.noteSeen();
  expect(next.kinds().map(([kind]) => kind)).toEqual(['waiting', 'limited', 'failed']);
});

test('that nothing is seen is told once, until it is seen again', async () => {
  const { place, visibility } = blindable(first);
  await visibility.noteUnseen('no answer');
  const { seq } = place.state;
  await visibility.noteUnseen('no answer');
  expect(place.state.seq).toBe(seq);
  expect(Object.values(place.state.alerts)).toMatchObject([
    {
      id: 'unseen:local',
      severity: 'warning',
      text: expect.stringContaining('no answer. '),
      suggestion: null,
    },
  ]);
  await visibility.noteSeen();
  expect(place.state.alerts).toEqual({});
});

test('a question that was not seen for a while keeps the time since when it is asked, under the next daemon as well', async () => {
  const { place, visibility } = blindable(first);
  const asked = place.state.instances['a-1']!.state.since;
  place.now = Date.parse(asked) + 60_000;
  await visibility.noteUnseen('no answer');
  place.now += 60_000;
  await visibility.noteSeen();
  const { state, transitions } = place.state.instances['a-1']!;
  expect(state).toMatchObject({ kind: 'waiting', since: asked });
  // What is not a question is so since it was seen again.
  expect(place.state.instances['b-1']!.state.since).toBe(new Date(place.now).toISOString());
  expect(transitions.at(-1)).toEqual({ ...state, since: new Date(place.now).toISOString(), asked });
  place.now += 60_000;
  await visibility.noteUnseen('no answer again');
  const next = blindable(place.state);
  next.place.now = place.now + 60_000;
  await next.visibility.noteSeen();
  expect(next.place.state.instances['a-1']!.state).toMatchObject({ kind: 'waiting', since: asked });
});
