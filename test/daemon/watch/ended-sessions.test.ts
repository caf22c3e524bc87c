import { expect, test } from 'vitest';
import { sessionOfAlert } from '../../../src/daemon/actions/end-session-of.ts';
import { watchEndedSessions } from '../../../src/daemon/watch/ended-sessions.ts';
import type { EventDraft, State } from '../../../src/state/index.ts';
import { servicesWith } from '../../helpers/services.ts';
import { stateOf } from '../../state/fold.ts';

const raised = (id: string): EventDraft => ({
  type: 'alert.raised',
  data: { id, severity: 'info', text: 'x', suggestion: null, instance: null, task: null },
});

/** A daemon of two machines that has told of these, and ends after so many looks at the first one. */
const daemonWith = (told: readonly string[], looks: { local: (readonly string[] | Error)[]; far: () => Error }) => {
  const stop = new AbortController();
  const facts = told.map(raised);
  let state = stateOf(...facts);
  const [asked, log, refused] = [[] as string[], [] as string[], [] as Error[]];
  const on = (host: string, answer: () => readonly string[] | Error | undefined) => ({
    host,
    tmux: {
      sessionNames: async () => {
        asked.push(host);
        const names = answer();
        if (names instanceof Error) throw names;
        return names ?? [];
      },
    },
  });
  const home = on('local', () => {
    const next = looks.local.shift();
    if (looks.local.length === 0) setImmediate(() => stop.abort());
    return next;
  });
  const services = servicesWith({
    ...{ home, targets: [home, on('far', looks.far)], signal: stop.signal, log: (line: string) => log.push(line) },
    store: {
      get state() {
        return state;
      },
    },
    decide: async (make: (now: State) => readonly EventDraft[]) => {
      const failure = refused.shift();
      if (failure) throw failure;
      facts.push(...make(state));
      state = stateOf(...facts);
      return [];
    },
  });
  return { services, asked, log, refused, standing: () => Object.keys(state.alerts) };
};

test('a machine that cannot be asked keeps what is told of it, and holds up no other', async () => {
  const { services, log, standing } = daemonWith(['yours:a', 'yours:b', 'yours:a:far', 'else'], {
    ...{ local: [['b'], ['b']], far: () => new Error('no way there') },
  });
  await watchEndedSessions(services, 1).done;
  expect(standing()).toEqual(['yours:b', 'yours:a:far', 'else']);
  expect(log).toEqual(['looking for the end of what is told of failed: no way there']);
});

test('only machines of which anything is told are asked, and what cannot be recorded is tried again', async () => {
  const { services, asked, log, refused, standing } = daemonWith(['yours:a'], {
    ...{ local: [new Error('no'), [], []], far: () => new Error('never') },
  });
  refused.push(new Error('full'));
  const watch = watchEndedSessions(services, 1);
  await watch.done;
  expect(standing()).toEqual([]);
  expect([...new Set(asked)]).toEqual(['local']);
  expect(log).toEqual([
    'looking for the end of what is told of failed: no',
    'looking for the end of what is told of failed: full',
  ]);
  expect(await watch.health()).toMatchObject({ state: 'ok' });
});

test('the id of an alert says of which session of which machine it tells', () => {
  expect(['yours:a', 'yours:a:ssh://b:22', 'behind:a'].map(sessionOfAlert)).toEqual([
    { name: 'a' },
    { name: 'a', host: 'ssh://b:22' },
    undefined,
  ]);
});
