import { isAbsolute } from 'node:path';
import { messageOf } from '../../lib/errors.ts';
import { shorten, shownLine } from '../../lib/text.ts';
import { saidId } from '../../protocol/say.ts';
import type { Place } from '../../rules/path-rule.ts';
import { isOnPath, type Ruling, rulingOn } from '../../rules/ruling.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Instance, Request } from '../../state/instances.ts';
import { layersFor, type ToolUse } from '../../state/permissions.ts';
import type { DaemonServices } from '../services.ts';
import { giveAnswer } from './give-answer.ts';
import { answerHook } from './hook-pipes.ts';
import { isAboutUse, type RequestSignal, requestOf, SUBJECT_LENGTH } from './open-requests.ts';
import { requestFacts } from './signal-facts.ts';

/** Where a path lies for the machine on which the agent uses it. */
const placeOf = async (services: DaemonServices, instance: Instance, { tool, subject }: ToolUse): Promise<Place> => {
  const { workspace_path: worktree } = instance;
  if (!isOnPath(tool)) return { worktree, real: null };
  const { files } = services.targetOf(instance);
  // Behind a link two dots lead to its folder, which would be lost if they were taken out before.
  const said = isAbsolute(subject) ? subject : `${worktree}/${subject}`;
  const [path, folder] = await Promise.all([files.realPath(said), files.realPath(worktree)]);
  return { worktree, real: { worktree: folder, path } };
};

const rulingFor = async (services: DaemonServices, instance: Instance, asks: ToolUse): Promise<Ruling> => {
  const { agent, mode } = instance;
  return rulingOn(layersFor(services.settings, { agent, mode }), asks, await placeOf(services, instance, asks));
};

const keptSubject = (subject: string): string => shorten(shownLine(subject), SUBJECT_LENGTH);

/** The fact that a request was decided, for those who want to know why an agent goes on or does not. */
const decisionFact = (
  id: string,
  { tool, subject, ask }: Pick<Request, 'tool' | 'subject' | 'ask'>,
  decision: 'allow' | 'deny' | 'answer',
  rule: string | null,
): EventDraft => ({
  type: 'instance.answered',
  data: { instance_id: id, tool, subject: keptSubject(subject), decision, rule, ...(ask === null ? {} : { ask }) },
});

/**
 * Whether a daemon before this one has decided what a hook asks, and was killed before it had put the message away. The name
 * of a pipe may come round again, but not for a message that was left since.
 */
const isDecidedBefore = ({ swarm }: State, { answers = [] }: Instance, { ask, tool, subject }: Request): boolean =>
  ask !== null &&
  answers.some(
    (one) =>
      one.ask === ask &&
      one.at < (swarm.daemon?.started_at ?? '') &&
      one.tool === tool &&
      one.subject === keptSubject(subject),
  );

/** Gives the answer of a rule by keys; where it does not arrive a person is asked. */
const answerByKeys = async (services: DaemonServices, id: string, decision: 'allow' | 'deny'): Promise<void> => {
  const instance = services.store.state.instances[id];
  if (instance?.state.kind !== 'waiting') return;
  const given = await giveAnswer(services, instance, decision === 'allow' ? 'yes' : 'no').catch((error: unknown) => {
    if (!services.signal.aborted) services.log(`${id} could not be answered: ${messageOf(error)}`);
    return undefined;
  });
  if (given?.confirmed === true || services.signal.aborted) return;
  await services.decide((state) => {
    const now = state.instances[id];
    return now?.state.since === instance.state.since ? waitingAlertFacts(id, instance.question ?? '') : [];
  });
};

const waitingAlertFacts = (id: string, question: string): EventDraft[] => [
  {
    type: 'alert.raised',
    data: {
      id: `waiting:${id}`,
      severity: 'warning',
      text: `${id} asks: ${question}`,
      suggestion: `attach instance ${saidId(id)}`,
      instance: id,
      task: null,
    },
  },
];

/**
 * Takes what an agent asks: a rule or the policy answers it at once, everything else waits for a person. `ask` is the
 * pipe at which its hook waits, if it does.
 */
export const takeRequest = async (
  services: DaemonServices,
  instance: Instance,
  signal: RequestSignal,
  { ask, source }: { readonly ask: string | null; readonly source: 'hook' | 'screen' },
): Promise<void> => {
  const { instance_id: id, requests = [] } = instance;
  const request = requestOf(signal, ask);
  // A screen is read again and again.
  if (source === 'screen' && instance.state.kind === 'waiting' && instance.question === request.question) return;
  const { decision, rule } = await rulingFor(services, instance, signal.asks);
  // A screen shows one dialog: what it showed before is not there any more.
  const others = requests.filter((one) => one.ask !== null || (source === 'hook' && !isAboutUse(one, request)));
  // A daemon that is killed before it has put a message away leaves it for the next one.
  const isOpen = ask !== null && requests.some((one) => one.ask === ask);
  const open = isOpen ? [...requests] : [...others, request];
  const askPerson = async (): Promise<void> =>
    void (await services.decide((state) => requestFacts(state, id, open, source)));
  if (decision === 'ask') return askPerson();
  const line = services.adapterFor(instance.agent).replyToHook?.(request, decision === 'allow' ? 'yes' : 'no');
  const { ask: pipe } = request;
  const isByHook = pipe !== null && line !== undefined;
  // Keys would answer what stands there first.
  if (!isByHook && others.length > 0) return askPerson();
  const isKnown = isDecidedBefore(services.store.state, instance, request);
  if (!isKnown) await services.decide(() => [decisionFact(id, request, decision, rule)]);
  if (isByHook) {
    const isTold = await answerHook(services.targetOf(instance), instance.instance_id, pipe, line);
    // A hook that has its answer listens no more.
    return isTold || isKnown ? undefined : askPerson();
  }
  // The agent is seen to wait until it has the answer, and nobody is called.
  await services.decide((state) => requestFacts(state, id, open, source).filter(({ type }) => type !== 'alert.raised'));
  void answerByKeys(services, id, decision).catch((error: unknown) => {
    if (!services.signal.aborted) services.log(`${id} could not be answered: ${messageOf(error)}`);
  });
};

/** Answers requests that a rule was about to answer by keys when the daemon before this one ended. */
export const answerLeftRequests = async (services: DaemonServices): Promise<void> => {
  for (const instance of Object.values(services.store.state.instances)) {
    const [request] = instance.requests ?? [];
    const { instance_id: id } = instance;
    if (instance.state.kind !== 'waiting' || !request || services.store.state.alerts[`waiting:${id}`]) continue;
    const asks = { ...request, whole: request.whole ?? false };
    const { decision } = await rulingFor(services, instance, asks);
    if (decision === 'ask') await services.decide(() => waitingAlertFacts(id, request.question));
    else void answerByKeys(services, id, decision).catch(() => undefined);
  }
};
