import { expect, onTestFinished, test, vi } from 'vitest';
import { type AppEvent, emptyState, type EventDraft, reduce, STATE_FORMAT } from '../../src/state/index.ts';
import type { Hint } from '../../src/ports/hint.ts';
import type { Snapshot } from '../../src/web/wire.ts';
import { ApiError, api } from '../../web/src/link/api.ts';
import { openForecasts } from '../../web/src/link/forecasts.ts';
import { oneAtATime } from '../../web/src/link/one-at-a-time.ts';
import { makeSwarmKeeper } from '../../web/src/link/swarm-view.ts';
import { AT, created } from '../tasks/journal.ts';

const eventOf = (draft: EventDraft, seq: number): AppEvent =>
  ({ ...draft, seq, at: AT, actor: 'me', corr: 'c' }) as AppEvent;
const EVENTS = ['1', '2', '3', '4'].map((id, i) => eventOf(created(id), i + 1));

const snapshotAt = (seq: number): Snapshot => {
  const state = EVENTS.slice(0, seq).reduce(reduce, emptyState);
  return {
    ...{ seq, state, format: STATE_FORMAT, repository: 'r', now: AT, surroundings: null },
    ...{ connected: true, silentSince: null, identity: null },
  };
};

test('[WEB-2] what comes while a state is on its way is not lost, and a state that is older than it takes nothing back', () => {
  const keeper = makeSwarmKeeper(() => undefined);
  const tasks = () => Object.keys(keeper.view!.state.tasks).join();
  keeper.expect();
  expect(keeper.take(snapshotAt(1))).toBe(true);
  keeper.expect();
  expect(keeper.fold(EVENTS.slice(2, 3))).toBe(true);
  expect(tasks()).toBe('1');
  expect([keeper.take(snapshotAt(2)), tasks()]).toEqual([true, '1,2,3']);
  keeper.expect();
  keeper.fold(EVENTS.slice(3));
  expect([keeper.take(snapshotAt(2)), tasks()]).toEqual([false, '1,2']);
});

test('[WEB-2] a state that is asked for while another one is on its way is asked for once more after it', async () => {
  const asked: PromiseWithResolvers<boolean>[] = [];
  const load = oneAtATime(() => {
    asked.push(Promise.withResolvers<boolean>());
    return asked.at(-1)!.promise;
  });
  const done = load();
  void load();
  void load();
  expect(asked).toHaveLength(1);
  asked[0]!.resolve(false);
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  asked[1]!.resolve(true);
  await vi.waitFor(() => expect(asked).toHaveLength(3));
  asked[2]!.resolve(false);
  await done;
  expect(asked).toHaveLength(3);
});

test('a command of a tab whose session got a new word by another one is said once more, by that word, and as whom is known', async () => {
  const asked: string[] = [];
  const answer = (status: number, body: unknown): Response => new Response(JSON.stringify(body), { status });
  const wrong = answer(403, { error: { code: 'web/wrong-csrf', message: 'no', hint: '' } });
  const session = answer(200, { csrf: 'new', role: 'viewer' });
  const answers = [answer(200, { csrf: 'old', role: 'admin' }), wrong, session, answer(200, { exit: 0 })];
  vi.stubGlobal('fetch', async (path: string, { headers }: { headers: Record<string, string> }) => {
    asked.push(`${path} ${headers['x-drover-csrf'] ?? ''}`.trim());
    return answers.shift();
  });
  onTestFinished(() => void vi.unstubAllGlobals());
  await api.session();
  const roles = [api.role];
  onTestFinished(api.subscribe(() => roles.push(api.role)));
  expect(await api.command({ line: 'status' })).toEqual({ exit: 0 });
  expect(roles).toEqual(['admin', 'viewer']);
  expect(asked).toEqual(['/api/session', '/api/command old', '/api/session', '/api/command new']);
});

test('of the lines that are typed while one is foretold the last one alone is asked about, and an answer is for its line', async () => {
  const asked: { readonly line: string; readonly answer: PromiseWithResolvers<Hint> }[] = [];
  const onAnswer = vi.fn();
  const forecasts = openForecasts({
    ask: (line) => {
      asked.push({ line, answer: Promise.withResolvers<Hint>() });
      return asked.at(-1)!.answer.promise;
    },
    onAnswer,
  });
  const hint: Hint = { kind: 'ok', says: 'stops 2 instances' };
  for (const line of ['sto', 'stop', 'stop all']) forecasts.want(line, 7);
  expect(asked.map(({ line }) => line)).toEqual(['sto']);
  asked[0]!.answer.reject(new ApiError(0, 'gone', ''));
  await vi.waitFor(() => expect(asked.map(({ line }) => line)).toEqual(['sto', 'stop all']));
  expect(onAnswer).not.toHaveBeenCalled();
  asked[1]!.answer.resolve(hint);
  await vi.waitFor(() => expect(onAnswer).toHaveBeenCalledOnce());
  expect([forecasts.of('stop all'), forecasts.of('stop al')]).toEqual([hint, undefined]);
  // What is known holds until the swarm is another one.
  forecasts.want('stop all', 7);
  expect(asked).toHaveLength(2);
  forecasts.want('stop all', 8);
  expect(asked).toHaveLength(3);
});
