import type { Asked, Signal, Use } from '../../agents/adapter.ts';
import { messageOf } from '../../lib/errors.ts';
import { oneLine, shortened } from '../../lib/text.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Instance, Request } from '../../state/instances.ts';
import { layersFor, type Ruling, rulingOn, type ToolUse } from '../../state/permissions.ts';
import type { DaemonServices } from '../services.ts';
import { giveAnswer } from './answer.ts';
import { answerHeld } from './hook-pipes.ts';
import { askedFacts } from './request-facts.ts';
import { factsOf, type ResolvedSignal, type Source } from './signals.ts';

const SUBJECT = 2000;
/** Questions that are longer in JSON are not kept: they are answered by keys. */
const QUESTIONS = 20_000;

type Asking = Extract<Signal, { kind: 'waiting' }> & { readonly asks: Asked };

/** The same use, as far as a request keeps it. */
const isAbout = ({ tool, subject }: Request, use: Pick<Use, 'tool' | 'subject'>): boolean =>
  tool === use.tool && subject === shortened(use.subject, SUBJECT);

const requestOf = ({ asks, question }: Asking, ask: string | null): Request => {
  const questions = asks.questions?.map((one) => ({ ...one }));
  const fits = questions !== undefined && JSON.stringify(questions).length <= QUESTIONS;
  return {
    ask: questions !== undefined && !fits ? null : ask,
    tool: oneLine(asks.tool),
    subject: shortened(asks.subject, SUBJECT),
    helper: asks.helper,
    whole: asks.whole && asks.subject.length < SUBJECT,
    question: shortened(oneLine(question), 500),
    ...(fits ? { questions } : {}),
  };
};

/** What is still open after the use of a tool: others of it may have gone on while this one waits. */
const stillOpen = (requests: readonly Request[], use: Use | undefined): readonly Request[] => {
  if (use === undefined) return [];
  const meant = requests.find((one) => one.helper === use.helper && isAbout(one, use));
  // It tells of its use before it asks.
  if (meant && !use.done) return requests;
  if (meant) return requests.filter((one) => one !== meant);
  // Of what was done before it asked it may tell late, and what it does at the same time answers nothing.
  return use.done ? requests : requests.filter(({ helper }) => helper !== use.helper);
};

/** The facts behind what an agent let us know, where it may be waiting with requests. */
export const heardFacts = (state: State, id: string, signal: ResolvedSignal, source: Source): EventDraft[] => {
  const requests = state.instances[id]?.requests ?? [];
  if (requests.length === 0 || source !== 'hook' || (signal.kind !== 'working' && signal.kind !== 'touched'))
    return factsOf(state, id, signal, source);
  const open = stillOpen(requests, signal.use);
  if (open.length === requests.length) return [];
  return open.length === 0 ? factsOf(state, id, signal, source) : askedFacts(state, id, [...open], source);
};

const rulingFor = ({ settings }: DaemonServices, { agent, mode, workspace_path }: Instance, asks: ToolUse): Ruling =>
  rulingOn(layersFor(settings, { agent, mode }), asks, workspace_path);

/** That it was decided, for those who want to know why it goes on or does not. */
export const answeredFact = (
  id: string,
  { tool, subject }: Pick<Request, 'tool' | 'subject'>,
  decision: 'allow' | 'deny' | 'answer',
  rule: string | null,
): EventDraft => ({
  type: 'instance.answered',
  data: { instance_id: id, tool, subject: shortened(oneLine(subject), SUBJECT), decision, rule },
});

/** The answer of a rule by keys; where it does not arrive a person is asked. */
const byKeys = async (services: DaemonServices, id: string, decision: 'allow' | 'deny'): Promise<void> => {
  const instance = services.store.state.instances[id];
  if (instance?.state.kind !== 'waiting') return;
  const given = await giveAnswer(services, instance, decision === 'allow' ? 'yes' : 'no').catch((error: unknown) => {
    if (!services.signal.aborted) services.log(`${id} could not be answered: ${messageOf(error)}`);
    return undefined;
  });
  if (given?.confirmed === true || services.signal.aborted) return;
  await services.decide((state) => {
    const now = state.instances[id];
    return now?.state.since === instance.state.since ? alertOf(id, instance.question ?? '') : [];
  });
};

const alertOf = (id: string, question: string): EventDraft[] => [
  {
    type: 'alert.raised',
    data: {
      id: `waiting:${id}`,
      severity: 'warning',
      text: `${id} asks: ${question}`,
      suggestion: `attach instance ${id}`,
      instance: id,
      task: null,
    },
  },
];

/**
 * Takes what an agent asks: a rule or the policy answers it at once, everything else waits for a person. `ask` is the
 * pipe at which its hook waits, if it does.
 */
export const takeAsked = async (
  services: DaemonServices,
  instance: Instance,
  signal: Asking,
  { ask, source }: { readonly ask: string | null; readonly source: 'hook' | 'screen' },
): Promise<void> => {
  const { instance_id: id, requests = [] } = instance;
  const request = requestOf(signal, ask);
  // A screen is read again and again.
  if (source === 'screen' && instance.state.kind === 'waiting' && instance.question === request.question) return;
  const { decision, rule } = rulingFor(services, instance, signal.asks);
  // A screen shows one dialog: what it showed before is not there any more.
  const others = requests.filter((one) => one.ask !== null || (source === 'hook' && !isAbout(one, request)));
  const open = [...others, request];
  const askPerson = async (): Promise<void> =>
    void (await services.decide((state) => askedFacts(state, id, open, source)));
  if (decision === 'ask') return askPerson();
  const line = services.adapterFor(instance.agent).replyToHook?.(request, decision === 'allow' ? 'yes' : 'no');
  const { ask: pipe } = request;
  const isByHook = pipe !== null && line !== undefined;
  // Keys would answer what stands there first.
  if (!isByHook && others.length > 0) return askPerson();
  await services.decide(() => [answeredFact(id, request, decision, rule)]);
  if (isByHook) return (await answerHeld(services, pipe, line)) ? undefined : askPerson();
  // It is seen to wait until it has the answer, and nobody is called.
  await services.decide((state) => askedFacts(state, id, open, source).filter(({ type }) => type !== 'alert.raised'));
  void byKeys(services, id, decision).catch((error: unknown) => {
    if (!services.signal.aborted) services.log(`${id} could not be answered: ${messageOf(error)}`);
  });
};

export const isAsking = (signal: Signal): signal is Asking => signal.kind === 'waiting' && signal.asks !== undefined;

/** What a rule was about to answer by keys when the daemon before this one ended. */
export const answerLeft = async (services: DaemonServices): Promise<void> => {
  for (const instance of Object.values(services.store.state.instances)) {
    const [request] = instance.requests ?? [];
    const { instance_id: id } = instance;
    if (instance.state.kind !== 'waiting' || !request || services.store.state.alerts[`waiting:${id}`]) continue;
    const asks = { ...request, whole: request.whole ?? false };
    const { decision } = rulingFor(services, instance, asks);
    if (decision === 'ask') await services.decide(() => alertOf(id, request.question));
    else void byKeys(services, id, decision).catch(() => undefined);
  }
};
