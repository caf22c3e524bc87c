import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { openReplica } from '../../dist/client/replica.js';
import { makeModel } from './model.ts';

const view = () => ({ columns: 120, color: false });
/** The code of an answer that says only that nobody knows: no daemon, or one that could not record. */
const isUnknown = ({ exit, data }) => exit === 7 || String(data?.code ?? '').startsWith('store/');
/** A client that has no answer after so many milliseconds has found a fault. */
const PATIENCE_MS = 60_000;

const newId = () => randomUUID().slice(0, 13);

/** Says a line until somebody knows how it went, each time as the same request. */
export const sayUntilKnown = async (replica, text, stop, { id = newId(), knew = replica.state.seq } = {}) => {
  for (const deadline = performance.now() + PATIENCE_MS; !stop.aborted && performance.now() < deadline; ) {
    const reply = await replica.run(text, { id, knew }).catch(() => undefined);
    if (reply && !isUnknown(reply)) return reply;
    await pause(20);
  }
  return undefined;
};

/** Does something again and again on a connection, until it is closed: after what is under way, or at once. */
const repeat = (replica, stop, { work, pause_ms }) => {
  const go = async () => {
    while (!stop.signal.aborted) {
      await work();
      await pause(pause_ms);
    }
  };
  const going = go();
  return async ({ atOnce = false } = {}) => {
    stop.abort();
    // What waits for an answer that will not come is told that the connection was closed.
    const last = setTimeout(() => replica.close(), atOnce ? 0 : PATIENCE_MS);
    await going;
    clearTimeout(last);
    replica.close();
  };
};

/**
 * A client on a lasting connection that changes its own things without end. `hear` gets each answer with the daemon that gave
 * it. What one is that was cut off can go on as it (`self`): with its model, and it says again what it had no answer to.
 */
export const openTalker = async ({ paths, env, seed, name, found, signal, self = { name } }) => {
  const replica = await openReplica({ paths, env, view, actor: 'cli', signal });
  const stop = new AbortController();
  const { model = makeModel(seed, name), open, ids = [], acknowledged = 0 } = self;
  const talker = Object.assign(self, { model, open, ids, acknowledged, hear: () => undefined });
  const sayNext = async () => {
    const said = talker.open ?? { ...model.next(), id: newId(), knew: replica.state.seq };
    talker.open = said;
    const reply = await sayUntilKnown(replica, said.text, stop.signal, said);
    if (reply) talker.open = undefined;
    if (reply?.exit === 0) {
      model.acknowledge(said);
      talker.acknowledged += 1;
      talker.ids.push(said.id);
      talker.hear(replica.state.swarm.daemon?.pid);
      return;
    }
    model.doubt(said);
    if (reply) found('refused', `"${said.text}" was refused: ${reply.message}`);
    else if (!stop.signal.aborted) found('unanswered', `"${said.text}" had no answer in ${PATIENCE_MS / 1000} s`);
  };
  return Object.assign(talker, { replica, close: repeat(replica, stop, { work: sayNext, pause_ms: 60 }) });
};

/** A client that follows and says nothing: it keeps each event of which it was told. */
export const openFollower = async ({ paths, env, signal }) => {
  const heard = [];
  const replica = await openReplica({
    paths,
    env,
    view,
    actor: 'cli',
    signal,
    heard: (events) => heard.push(...(events ?? [])),
  });
  return { heard, replica, close: async () => replica.close() };
};

/** What no agent can be handed a task in: with nobody there, `run` rightly launches one more, up to the limit of a swarm. */
const ABSENT = new Set(['failed', 'lost', 'stopped', 'unknown']);

const isRehearsal = ({ agent, state: { kind } }) => agent === 'rehearsal' && !ABSENT.has(kind);

/** Whether nothing goes on with a task any more. */
export const isEnded = ({ tasks }, id) => ['done', 'failed', 'blocked', 'cancelled'].includes(tasks[id]?.state);

/**
 * Hands a task to the agents now and then, as long as few are open; the ids are those that were acknowledged. What one is that
 * was cut off can go on as it (`self`).
 */
export const openForeman = async ({ paths, env, seed, found, signal, self = {} }) => {
  const replica = await openReplica({ paths, env, view, actor: 'cli', signal });
  const stop = new AbortController();
  const { ids = [], count = 0 } = self;
  const foreman = Object.assign(self, { ids, count, replica });
  const isOpen = (id) => !isEnded(replica.state, id);
  const order = async (text) => {
    const reply = await sayUntilKnown(replica, text, stop.signal);
    if (reply && reply.exit !== 0) found('refused', `"${text}" was refused: ${reply.message}`);
    return reply?.exit === 0;
  };
  const handOut = async () => {
    foreman.count += 1;
    const id = `work-${foreman.count}`;
    const words = `rehearse: write ${id}.txt "by seed ${seed}"`;
    const created = await order(`create task "${words.replaceAll('"', "'")}" id=${id}`);
    if (!created) return;
    if (await order(`run task ${id} agent=rehearsal`)) ids.push(id);
  };
  const isAnybodyThere = () => Object.values(replica.state.instances).some(isRehearsal);
  const work = async () => {
    if (isAnybodyThere() && ids.filter(isOpen).length < 6) await handOut();
  };
  return Object.assign(foreman, { order, close: repeat(replica, stop, { work, pause_ms: 150 }) });
};

/** Merges what is done and waits, now and then, whether or not there is anything. */
export const openMerger = async ({ paths, env, signal }) => {
  const replica = await openReplica({ paths, env, view, actor: 'cli', signal });
  const stop = new AbortController();
  const work = async () => void (await sayUntilKnown(replica, 'merge completed branches', stop.signal));
  return { close: repeat(replica, stop, { work, pause_ms: 700 }) };
};
