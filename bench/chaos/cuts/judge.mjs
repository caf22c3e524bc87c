import { verifyAudit } from '../../../src/audit/chain.ts';
import { realDisk } from '../../../src/state/store/disk.ts';
import { readEvents } from '../../../src/state/store/history.ts';
import { checkHeard, checkJournal, checkThings, checkUser, foundValue } from '../check.ts';
import { userOf } from '../user.mjs';
import { commitsIn } from './git.mjs';

/** What Drover said is done or merged, each with the commit and the branch that it named. */
const promisesOf = ({ tasks, batches }) => {
  const done = Object.values(tasks).filter(({ state, run }) => state === 'done' && run?.result);
  const merged = Object.values(batches).filter((batch) => batch.state === 'finished' && batch.merged.length > 0);
  return [
    ...done.map(({ id, run }) => ({ name: `task ${id}`, commit: run.result.head_commit, branch: run.branch })),
    ...merged.map(({ id, head_commit: commit, target }) => ({ name: id, commit, branch: target })),
  ];
};

const checkPromises = (box, promises, harm) => {
  const git = commitsIn(box);
  const all = git.trouble(
    promises.map(({ commit }) => commit),
    harm.objects,
  );
  return promises.flatMap(({ name, commit, branch }) => {
    const trouble = all && git.trouble([commit], harm.objects);
    if (trouble) return [{ kind: 'git', what: `${name} has lost its commit ${commit}: ${trouble}` }];
    if (git.leadsTo(`refs/heads/${branch}`, commit)) return [];
    return [{ kind: 'git', what: `${name}: ${branch} does not have its commit ${commit}` }];
  });
};

/** Alerts by which the daemon itself says that something is gone. */
const DAMAGE = /^(?:journal|audit|refs?)-/u;

const checkAlerts = ({ alerts }) =>
  Object.entries(alerts)
    .filter(([id]) => DAMAGE.test(id))
    .map(([id, { text }]) => ({ kind: 'alert', what: `${id}: ${text}` }));

const checkAudit = async ({ paths }) => {
  const { fault } = await verifyAudit(paths.audit);
  return fault ? [{ kind: 'audit', what: `${fault.file} line ${fault.line}: ${fault.what}` }] : [];
};

/** How the journal names the request that something was done for. */
const ofRequest = (id) => `c-${id}`;

/** Commands that were acknowledged, and of which the journal knows nothing: neither what they did nor that they ended. */
const checkCommands = (ids, events, requests) => {
  for (const { corr } of events) requests.add(corr);
  const gone = ids.filter((id) => !requests.has(ofRequest(id)));
  return gone.map((id) => ({ kind: 'lost', what: `command ${id} was acknowledged and is not in the journal` }));
};

/** What a cut has taken is not there for the next one to take. */
const forget = (models, state) => {
  for (const { things } of models)
    for (const one of things.values())
      if (!one.may.includes(foundValue(one, state))) one.may = [foundValue(one, state)];
};

/** Compares what is there after a cut with what was acknowledged before it. */
export const judge = async ({ box, state, models, ids, heard, harm, user, kept, from, requests }) => {
  const journal = { journal: box.paths.journal, disk: realDisk };
  // A client may have been told of some before the state came that was judged last.
  const first = Math.min(from, ...heard.slice(0, 1).map(({ seq }) => seq));
  const events = await Array.fromAsync(readEvents(journal, first, () => state.seq));
  const promises = promisesOf(state).filter(({ name, commit }) => kept.get(name) !== commit);
  const findings = [
    ...checkThings(models, state),
    ...checkJournal(events),
    ...checkHeard(heard, events),
    ...checkCommands(ids, events, requests),
    ...checkAlerts(state),
    ...checkPromises(box, promises, harm),
    ...(await checkAudit(box)),
    ...checkUser(user, userOf(box)),
  ];
  forget(models, state);
  return { findings, events: events.length, promises };
};
