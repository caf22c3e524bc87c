import { expect, onTestFinished, test } from 'vitest';
import { type EventDraft, emptyState, reduceAll } from '../../src/state/index.ts';
import { openHistory } from '../../src/web/swarm/history.ts';
import { openHub } from '../../src/web/swarm/hub.ts';
import { NO_PAST, pastAfter } from '../../src/web/swarm/past-curve.ts';
import { instance } from '../tasks/journal.ts';
import { appStage, fact, type SwarmStage, swarmStage } from './stage.ts';

const moved = (id: string, state: 'waiting' | 'working'): EventDraft => ({
  type: 'instance.moved',
  data: { instance_id: id, state, source: 'hook' },
});
const spent = (usd: number): EventDraft => ({
  type: 'usage.measured',
  data: {
    ...{ instance_id: 'a-1', conversation: 'c', task: null, context: null, turns: 1, usd, unpriced_tokens: 0 },
    models: { m: { input_tokens: 100 * usd, output_tokens: 0, cache_read_tokens: 0, cache_write_tokens: 0 } },
  },
});

const historyOf = (swarm: SwarmStage) => {
  const hub = openHub(swarm.repository);
  onTestFinished(() => hub.close());
  return openHistory(hub);
};

/** The same facts as if each had come a minute after the other. */
const spread = (...drafts: readonly EventDraft[]) =>
  drafts.map((draft, i) => ({ ...draft, seq: i + 1, at: new Date(i * 60_000).toISOString(), actor: 'd', corr: 'c' }));

test('how many waited and what was spent is told over time, by what the journal has', () => {
  const events = spread(
    moved('a-1', 'waiting'),
    fact(),
    moved('b-1', 'waiting'),
    spent(2),
    moved('a-1', 'waiting'),
    moved('a-1', 'working'),
    spent(2),
    { type: 'instance.removed', data: { instance_id: 'b-1' } },
  );
  const { points } = pastAfter(NO_PAST, events as Parameters<typeof pastAfter>[1]);
  expect(points.map(({ at, waiting, usd, tokens }) => [at / 60_000, waiting, usd, tokens])).toEqual([
    [0, 1, 0, 0],
    [2, 2, 0, 0],
    [3, 2, 2, 200],
    [5, 1, 2, 200],
    [7, 0, 2, 200],
  ]);
});

test('[WEB-1] whoever is frozen waits for nobody, and waits again when it goes on; a restart ends it', () => {
  const id = { instance_id: 'a-1' };
  const paused: EventDraft = { type: 'instance.paused', data: { ...id, evidence: 'SIGSTOP' } };
  const resumed: EventDraft = { type: 'instance.resumed', data: { ...id, evidence: 'SIGCONT' } };
  const drafts: readonly EventDraft[] = [
    ...instance('a-1'),
    ...[moved('a-1', 'waiting'), paused, resumed, paused, moved('a-1', 'working'), moved('a-1', 'waiting'), resumed],
    { type: 'instance.restart_requested', data: { ...id, fresh: true } },
    moved('a-1', 'waiting'),
    { type: 'instance.stop_requested', data: { ...id, force: false, remove: false } },
  ];
  const events = spread(...drafts) as Parameters<typeof pastAfter>[1];
  const counts = events.map((_event, at) => {
    const some = events.slice(0, at + 1);
    const now = Object.values(reduceAll(emptyState, some).instances).filter(({ state }) => state.kind === 'waiting');
    return { now: now.length, told: pastAfter(NO_PAST, some).points.at(-1)?.waiting ?? 0 };
  });
  expect(counts.map(({ told }) => told)).toEqual(counts.map(({ now }) => now));
  expect(counts.map(({ now }) => now).slice(-10)).toEqual([1, 0, 1, 0, 0, 0, 1, 0, 1, 0]);
});

test('a long past is thinned, and its last moment stays', () => {
  const events = spread(...Array.from({ length: 5000 }, (_, i) => moved('a-1', i % 2 === 0 ? 'waiting' : 'working')));
  const { points } = pastAfter(NO_PAST, events as Parameters<typeof pastAfter>[1]);
  expect(points.length).toBeLessThanOrEqual(1000);
  expect(points.at(-1)).toMatchObject({ at: 4999 * 60_000, waiting: 0 });
});

test('the journal is read once for all pages, and then on from there', async () => {
  const swarm = swarmStage();
  const asked: string[] = [];
  const { past } = swarm.repository;
  const repository = {
    ...swarm.repository,
    past: (after: number, until: number) => {
      asked.push(`${after}-${until}`);
      return past(after, until);
    },
  };
  swarm.happen(...instance('a-1'), spent(1));
  const history = historyOf({ ...swarm, repository });
  const last = swarm.state.seq;
  const [first, second] = await Promise.all([history(), history()]);
  expect(first).toEqual(second);
  expect(first.points.at(-1)).toMatchObject({ usd: 1, tokens: 100 });
  swarm.happen(spent(3));
  expect((await history()).points.at(-1)).toMatchObject({ usd: 3 });
  expect(asked).toEqual([`0-${last}`, `${last}-${last + 1}`]);
});

test('of a journal that does not go back so far the sum of now is right all the same', async () => {
  const swarm = swarmStage();
  swarm.happen(...instance('a-1'), spent(1));
  swarm.daemon.forgets = true;
  const history = historyOf(swarm);
  expect(await history()).toEqual({ points: [] });
  swarm.daemon.forgets = false;
  swarm.happen(moved('a-1', 'waiting'));
  expect((await history()).points).toEqual([expect.objectContaining({ waiting: 1, usd: 1, tokens: 100 })]);
});

test('whoever may look gets it over HTTP, and nobody else', async () => {
  const { call, enter, swarm } = appStage();
  swarm.happen(...instance('a-1'), moved('a-1', 'waiting'));
  expect((await call('/api/history')).status).toBe(401);
  const headers = await enter('viewer');
  expect(await (await call('/api/history', { headers })).json()).toEqual({
    points: [expect.objectContaining({ waiting: 1 })],
  });
  expect((await call('/api/history?repo=other', { headers })).status).toBe(404);
});
