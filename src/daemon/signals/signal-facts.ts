import type { Signal } from '../../agents/adapter.ts';
import { possibleAnswer } from '../../attention/question.ts';
import { oneLine, shorten } from '../../lib/text.ts';
import { saidId, saidText } from '../../protocol/say.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Instance, Request } from '../../state/instances.ts';
import { activity, isAlive, moved } from '../../state/moves.ts';
import type { FailureClass } from '../../state/tasks.ts';
import { othersFor } from '../../tasks/may-do.ts';
import { calmedFacts, clearAlertFacts } from './alert-facts.ts';
import { stillOpen } from './open-requests.ts';
import { isKeptWaiting, runEndFacts, runningTask } from './running-task.ts';

/** Who noticed what an agent does. */
export type SignalSource = 'hook' | 'register' | 'screen' | 'terminal';

/** The facts when an agent ends a turn of somebody's while its brief is still to be typed. */
const stillToBeginFacts = (scene: Scene): EventDraft[] => {
  const { state, instance } = scene;
  const move = { state: 'working', source: 'drover', evidence: 'its brief is still to be typed' } as const;
  return [...calmFacts(scene), ...moved(state, instance.instance_id, move)];
};

const clearFacts = (state: State, id: string): EventDraft[] => clearAlertFacts(state, id, 'it goes on');

/** A signal of an agent in which a limit of its account has a definite end. */
export type ResolvedSignal =
  | Exclude<Signal, { kind: 'limited' }>
  | { readonly kind: 'limited'; readonly message: string; readonly until: string };

type Scene = { readonly state: State; readonly instance: Instance; readonly source: SignalSource };

type Of<Kind extends ResolvedSignal['kind']> = Extract<ResolvedSignal, { kind: Kind }>;

/** Puts away what is over as soon as the agent goes on. */
const calmFacts = ({ state, instance }: Scene): EventDraft[] => calmedFacts(state, instance.instance_id, 'it goes on');

const readyFacts = (scene: Scene, { conversation, early = false }: Of<'ready'>): EventDraft[] => {
  const { state, instance, source } = scene;
  const id = instance.instance_id;
  const doing = activity(instance);
  const conversed: EventDraft[] =
    conversation && conversation !== instance.conversation
      ? [{ type: 'instance.conversed', data: { instance_id: id, conversation } }]
      : [];
  // A dialog of its start, which was read from its screen, is answered.
  const begins = instance.recovery?.next === 'go-on' || !runningTask(state, instance);
  const asked = !early && doing.kind === 'waiting' && doing.source === 'screen' && begins;
  const starting = !early && (doing.kind === 'starting' || doing.kind === 'unknown');
  // An agent that is there again has not crashed any more.
  return [
    ...clearFacts(state, `instance:${id}`),
    ...(asked ? calmFacts(scene) : []),
    ...conversed,
    ...(starting || asked ? moved(state, id, { state: 'idle', source, evidence: 'ready' }) : []),
  ];
};

/** Whether a question stands before the agent begins: what takes more than a yes there is answered in its terminal. */
const isOfItsStart = ({ state, instance, source }: Scene): boolean => {
  const doing = activity(instance);
  // Its box may be there for a moment before the dialog comes over it.
  const isFresh = doing.kind === 'idle' && doing.evidence === 'ready';
  const begins = doing.kind === 'starting' || (doing.kind === 'waiting' && doing.source === 'screen') || isFresh;
  return source === 'screen' && begins && !runningTask(state, instance);
};

type Waiting = { readonly evidence?: string; readonly requests?: Request[] };

/** What helps an agent that waits: a yes where it asks for no more than that, else an answer that its question takes. */
const helpFor = (scene: Scene, signal: Of<'waiting'>, requests: Request[]): string => {
  const { instance } = scene;
  const { instance_id: id } = instance;
  if (signal.attach) return `attach instance ${saidId(id)}`;
  const [request] = requests;
  const isPermission = request !== undefined && request.questions === undefined;
  if (isPermission || isOfItsStart(scene)) return `approve ${saidId(id)}`;
  const state = { ...instance.state, kind: 'waiting' } as const;
  const answer = possibleAnswer({ ...instance, state, question: oneLine(signal.question), requests });
  return `answer ${saidId(id)} ${saidText(answer ?? '…')}`;
};

const waitingFacts = (
  scene: Scene,
  signal: Of<'waiting'>,
  { evidence = 'asks', requests = [] }: Waiting = {},
): EventDraft[] => {
  const { state, instance, source } = scene;
  const id = instance.instance_id;
  const doing = activity(instance);
  const question = shorten(oneLine(signal.question), 500);
  if (doing.kind === 'waiting' && doing.source === source && instance.question === question) return [];
  // The hook said better what the agent asks; only what keeps it from its account is answered in a dialog of its own.
  if (doing.kind === 'waiting' && doing.source === 'hook' && source === 'register' && doing.evidence === 'asks')
    return [];
  const alert = {
    id: `waiting:${id}`,
    severity: 'warning',
    text: `${id} asks: ${question}`,
    suggestion: helpFor(scene, signal, requests),
    instance: id,
    task: null,
  } as const;
  return [...moved(state, id, { state: 'waiting', source, evidence, question }), { type: 'alert.raised', data: alert }];
};

/** Whether the run of an agent was taken from it because of its limit: it is not free before the limit ends, whatever it says. */
const isOutOfLimit = (state: State, instance: Instance): boolean =>
  activity(instance).kind === 'limited' && runningTask(state, instance) === undefined;

const finishedFacts = (scene: Scene, signal: Of<'finished'>): EventDraft[] => {
  const { state, instance, source } = scene;
  const id = instance.instance_id;
  const task = runningTask(state, instance);
  if (isOutOfLimit(state, instance)) return [];
  const summary = signal.summary === undefined ? null : shorten(oneLine(signal.summary), 2000);
  if (!task) {
    // While its claim is being verified an agent is not free, but from now on it could be.
    const next = activity(instance).kind === 'verifying' ? 'verifying' : 'idle';
    return [...calmFacts(scene), ...moved(state, id, { state: next, source, evidence: 'its turn ended' })];
  }
  if (isKeptWaiting(state, id)) return stillToBeginFacts(scene);
  return [
    ...calmFacts(scene),
    { type: 'run.claimed', data: { id: task.id, summary } },
    ...moved(state, id, { state: 'verifying', source, evidence: `claims ${task.id}` }),
  ];
};

/** Failures that a person has to put right before the agent can do anything: it takes no task until then. */
const NEEDS: Readonly<Partial<Record<FailureClass, readonly [evidence: string, question: string]>>> = {
  login: ['needs login', 'It needs login: attach to it and say /login.'],
  credit: ['needs credit', 'Its account has no credit left.'],
};

/** Whether an agent waits for a person, or did until its terminal showed otherwise, which a refusal makes it show as well. */
const wasAsking = (instance: Instance): boolean => {
  const { kind, source } = activity(instance);
  return kind === 'waiting' || (source === 'terminal' && instance.transitions.at(-2)?.kind === 'waiting');
};

/** The alert about a turn of somebody's that failed for good: there is no task that would tell of it. */
const failedTurnFacts = ({ state, instance }: Scene, signal: Of<'failed'>): EventDraft[] => {
  // An interrupt is what somebody wanted.
  if (signal.class === 'stopped' || runningTask(state, instance)) return [];
  const id = instance.instance_id;
  const text = `the turn of ${id} failed (${signal.class}): ${shorten(oneLine(signal.message), 300)}`;
  const data = { id: `turn:${id}`, severity: 'warning', text, suggestion: `tell ${saidId(id)} "Go on."` } as const;
  return [{ type: 'alert.raised', data: { ...data, instance: id, task: null } }];
};

const failedFacts = (scene: Scene, signal: Of<'failed'>): EventDraft[] => {
  const { state, instance, source } = scene;
  const { instance_id: id } = instance;
  if (signal.ifAsking !== undefined && wasAsking(instance) && runningTask(state, instance))
    return waitingFacts(scene, { kind: 'waiting', question: signal.ifAsking });
  if (isOutOfLimit(state, instance)) return [];
  if (runningTask(state, instance) && isKeptWaiting(state, id) && !NEEDS[signal.class]) return stillToBeginFacts(scene);
  const message = oneLine(signal.message);
  const ends = [
    ...calmFacts(scene),
    ...runEndFacts(state, instance, { class: signal.class, message: shorten(message, 500) }),
  ];
  const needs = NEEDS[signal.class];
  if (!needs)
    return [
      ...ends,
      ...moved(state, id, { state: 'idle', source, evidence: shorten(message, 200) }),
      ...failedTurnFacts(scene, signal),
    ];
  const [evidence, question] = needs;
  return [
    ...ends,
    ...waitingFacts(
      scene,
      { kind: 'waiting', question: `${question} It says: ${message}`, attach: true },
      { evidence },
    ),
  ];
};

/** What helps an agent at its limit: where its run cannot go to somebody who has room left, only to wait. */
const helpAtLimit = (state: State, instance: Instance): string => {
  const { instance_id: id } = instance;
  const task = runningTask(state, instance);
  const hasOthers = task !== undefined && othersFor(task, state).some((one) => activity(one).kind !== 'limited');
  return hasOthers ? `reassign tasks from ${saidId(id)}` : `show instance ${saidId(id)}`;
};

const limitedFacts = ({ state, instance, source }: Scene, { message, until }: Of<'limited'>): EventDraft[] => {
  const id = instance.instance_id;
  const evidence = shorten(oneLine(message), 200);
  const alert = {
    id: `limited:${id}`,
    severity: 'warning',
    text: `${id} goes on by itself at ${until}: ${evidence}`,
    suggestion: helpAtLimit(state, instance),
    instance: id,
    task: null,
  } as const;
  const facts = moved(state, id, { state: 'limited', source, evidence, until });
  return facts.length === 0
    ? []
    : [...clearFacts(state, `waiting:${id}`), ...facts, { type: 'alert.raised', data: alert }];
};

/**
 * The facts about an agent that does nothing, of which no hook has told an end: somebody interrupted it, refused what it
 * asked or closed a dialog. Its run stays with it, because that person goes on in its terminal.
 */
const restFacts = (scene: Scene): EventDraft[] => {
  const { state, instance, source } = scene;
  const id = instance.instance_id;
  const { kind, evidence, source: known } = activity(instance);
  const idle = (why: string): EventDraft[] => [
    ...calmFacts(scene),
    ...moved(state, id, { state: 'idle', source, evidence: why }),
  ];
  if (kind === 'starting' || kind === 'unknown') return idle('ready');
  // A brief that was just given, and that the agent has not confirmed yet, it has not begun.
  if (kind === 'working' && known === 'drover') return [];
  // An agent that needs a login or credit still needs it when its screen goes idle.
  if (kind === 'waiting' && evidence?.startsWith('needs ')) return [];
  if (kind === 'working' || kind === 'stuck' || kind === 'waiting')
    return idle(known === 'register' && !runningTask(state, instance) ? 'its turn ended' : 'interrupted');
  return [];
};

const workingFacts = (scene: Scene, signal: Of<'working' | 'touched'>): EventDraft[] => {
  const { state, instance, source } = scene;
  const { kind, source: known } = activity(instance);
  // The register confirms what hooks have said in more words, and a screen what its program said itself.
  const confirms = source === 'register' || (source === 'screen' && known === 'terminal');
  if (kind === 'verifying' || (kind === 'working' && confirms)) return [];
  const evidence = signal.note ?? 'at work';
  const facts = moved(state, instance.instance_id, { state: 'working', source, evidence });
  // That a turn is over is news, although what runs in the background will give it another.
  const isNews = facts.length === 0 && signal.kind === 'working' && signal.background === true;
  const { instance_id } = instance;
  const news: EventDraft[] = isNews
    ? [{ type: 'instance.moved', data: { instance_id, state: 'working', source, evidence } }]
    : [];
  return [...calmFacts(scene), ...facts, ...news];
};

/** What an agent's waiting is told by: the question itself, and the reminder that nobody has answered it. */
const TOLD_BY = ['waiting', 'unanswered'];

/** The alerts about a question as they are to be now that other requests are behind it; none where they say so already. */
const renewedAlerts = (scene: Scene, question: string, requests: Request[]): EventDraft[] => {
  const suggestion = helpFor(scene, { kind: 'waiting', question }, requests);
  return TOLD_BY.flatMap((about): EventDraft[] => {
    const alert = scene.state.alerts[`${about}:${scene.instance.instance_id}`];
    if (!alert || alert.suggestion === suggestion) return [];
    const { raised_at: _, ...data } = alert;
    return [{ type: 'alert.raised', data: { ...data, suggestion } }];
  });
};

/** The facts when an agent waits with these requests, the first one first. */
export const requestFacts = (state: State, id: string, requests: Request[], source: SignalSource): EventDraft[] => {
  const instance = state.instances[id];
  if (!instance || !isAlive(instance.state.kind)) return [];
  const { question } = requests[0]!;
  const facts = waitingFacts({ state, instance, source }, { kind: 'waiting', question }, { requests });
  const move = facts.find((fact) => fact.type === 'instance.moved');
  if (move) return facts.map((fact) => (fact === move ? { ...move, data: { ...move.data, requests } } : fact));
  // An agent that waits with that question already: the requests behind it are news.
  if (instance.state.kind !== 'waiting' || instance.question !== question) return facts;
  const { evidence = 'asks' } = instance.state;
  return [
    ...facts,
    { type: 'instance.moved', data: { instance_id: id, state: 'waiting', source, evidence, question, requests } },
    ...renewedAlerts({ state, instance, source }, question, requests),
  ];
};

const progressFacts = ({ state, instance }: Scene, { percent, note }: Of<'progress'>): EventDraft[] => {
  const task = runningTask(state, instance);
  return task ? [{ type: 'run.progressed', data: { id: task.id, progress: percent, note } }] : [];
};

const factsByKind = (scene: Scene, signal: ResolvedSignal): EventDraft[] => {
  switch (signal.kind) {
    case 'ready':
      return readyFacts(scene, signal);
    case 'working':
    case 'touched':
      return workingFacts(scene, signal);
    case 'waiting':
      return waitingFacts(scene, signal);
    case 'limited':
      return limitedFacts(scene, signal);
    case 'rests':
      return restFacts(scene);
    case 'finished':
      return finishedFacts(scene, signal);
    case 'progress':
      return progressFacts(scene, signal);
    case 'failed':
      return failedFacts(scene, signal);
    case 'exiting':
      return [];
  }
};

/** What a program may have said before it ended, and is heard of after that. */
const LAST_WORDS: readonly Signal['kind'][] = ['finished', 'failed', 'progress'];

/** Whether a signal may be true of a program that has ended: its pane still shows what it drew last, which says nothing. */
const isLastWord = ({ kind }: ResolvedSignal, source: SignalSource): boolean =>
  source === 'hook' && LAST_WORDS.includes(kind);

/** The facts behind what an agent let us know. What does not fit its state is no fact. */
export const signalFacts = (
  state: State,
  id: string,
  signal: ResolvedSignal,
  source: SignalSource,
): readonly EventDraft[] => {
  const instance = state.instances[id];
  // What an agent says while it is made to leave is about leaving.
  if (!instance || instance.state.kind === 'stopping') return [];
  const isThere = isAlive(instance.state.kind) || instance.state.kind === 'creating';
  if (!isThere && !isLastWord(signal, source)) return [];
  const scene = { state, instance, source };
  const { requests = [] } = instance;
  const isWork = signal.kind === 'working' || signal.kind === 'touched';
  if (requests.length === 0 || source !== 'hook' || !isWork) return factsByKind(scene, signal);
  // An agent is at work although it waits: that says which of its requests are answered.
  const open = stillOpen(requests, signal.use);
  if (open.length === requests.length) return [];
  return open.length === 0 ? factsByKind(scene, signal) : requestFacts(state, id, [...open], source);
};
