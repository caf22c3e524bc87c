import { z } from 'zod';
import { meaningOf } from '../../agents/reply.ts';
import { AppError, adviceOf } from '../../lib/errors.ts';
import { withoutControls } from '../../lib/text.ts';
import { saidId, saidText } from '../../protocol/say.ts';
import type { AppEvent, EventDraft, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { activity } from '../../state/moves.ts';
import { questionOf } from '../../attention/question.ts';
import { plural } from '../../text/wording.ts';
import { begunBefore, noteBegun } from '../begun.ts';
import type { Context, Loss, Outcome, Recording } from '../define.ts';
import { badParameter, perhapsDone, wrongState } from '../errors.ts';
import { attempt } from '../one-by-one.ts';
import { instanceParams, requireSome, selectInstances, type Targets } from '../selection.ts';

export const answeredSchema = z.object({
  instance: z.string(),
  question: z.string().nullable().describe('What was asked'),
  answer: z.string(),
  confirmed: z.boolean().describe('Whether it was seen to have taken the answer'),
  untold: z.literal(true).optional().describe('It took the refusal, and what to do instead could not be typed'),
});
type Answered = z.infer<typeof answeredSchema>;

export const sinceParam = z
  .string()
  .optional()
  .describe('Only if it waits since this time, so with the question that was read');

/** The parameters of a yes or a no. */
export const answerParams = { ...instanceParams, since: sinceParam };
type AnswerTargets = Targets & { readonly since?: string | undefined };

const isWaiting = (one: Instance): boolean => one.state.kind === 'waiting' && one.pane !== null;

/** Whether an instance asks, and was paused meanwhile: its program takes no answer. */
const isPausedAsking = (one: Instance): boolean => one.state.kind === 'paused' && activity(one).kind === 'waiting';

const pausedAsking = ({ instance_id: id, question }: Instance) =>
  wrongState({
    id,
    state: 'paused',
    wants: `its question waits until it goes on${question ? `: ${question}` : ''}`,
    hint: `Nothing was sent to ${id}. First say: resume instance ${saidId(id)}`,
  });

/** A yes is no answer to a question that offers nothing and asks for words. */
const requireYesOrNo = ({ alerts }: State, one: Instance, { verb }: Said): void => {
  const asked = verb === 'approve' ? questionOf(one) : null;
  // A dialog of its start takes a yes, whatever is to be read of it.
  if (alerts[`waiting:${one.instance_id}`]?.suggestion === `approve ${saidId(one.instance_id)}`) return;
  // Of several questions at once it is said better how each of them is answered.
  if ((one.requests?.[0]?.questions?.length ?? 0) > 1) return;
  if (asked === null || asked.choices.length > 0 || asked.text === '') return;
  throw wrongState({
    id: one.instance_id,
    state: one.state.kind,
    wants: `it asks for words, and not for a yes: ${one.question}`,
    hint: `Nothing was sent to ${one.instance_id}. To answer it: answer ${saidId(one.instance_id)} "…"`,
  });
};

export const requireWaiting = (one: Instance): void => {
  if (isWaiting(one)) return;
  if (isPausedAsking(one)) throw pausedAsking(one);
  throw wrongState({
    id: one.instance_id,
    state: one.state.kind,
    wants: 'it asks nothing',
    hint: `To say something anyway: tell ${saidId(one.instance_id)} "…".`,
  });
};

/** An answer without what could not be typed. */
const typable = (answer: string): string => withoutControls(answer).replaceAll('\n', ' ').trim();

/** An answer, and how it was said: a yes and a no have verbs of their own. */
type Said = { readonly verb: 'approve' | 'deny' | 'answer'; readonly answer: string };

/** The command that gives the same answer again, to what an instance asks now. */
const repeated = ({ instance_id: id, state }: Instance, { verb, answer }: Said): string =>
  `${verb} ${saidId(id)} since=${state.since}${verb === 'answer' ? ` ${saidText(typable(answer))}` : ''}`;

/** `before`: what is known of the question that was meant. */
const asksOther = (now: Instance, said: Said, before = 'it was answered already, and asks something else by now') =>
  wrongState({
    id: now.instance_id,
    state: now.state.kind,
    wants: `${before}: ${now.question}`,
    hint: `Nothing was sent to ${now.instance_id}. To say the same to what it asks now: ${repeated(now, said)}`,
  });

/** The question that an answer is for: by the time since when it is asked, or else by that of the answer. */
type Meant = { readonly since?: string | undefined; readonly saidAt?: string | undefined };

/** An answer is for the question that was read, and never for one that came after it. */
const isMeant = ({ state }: Instance, { since, saidAt }: Meant): boolean =>
  since === undefined ? saidAt === undefined || state.since <= saidAt : state.since === since;

const requireMeant = (one: Instance, meant: Meant, said: Said): void => {
  requireWaiting(one);
  if (isMeant(one, meant)) return;
  // Nobody knows whether anything was asked then.
  throw asksOther(one, said, meant.since === undefined ? 'it began to ask only after that was said' : undefined);
};

/** Why an answer was not given: the question was answered by somebody else, or in its terminal. */
const answeredAlready = (now: Instance | undefined, one: Instance, said: Said) => {
  const { instance_id: id } = one;
  if (now !== undefined && isPausedAsking(now)) return pausedAsking(now);
  const asks = now !== undefined && isWaiting(now);
  if (asks && now.state.since !== one.state.since) return asksOther(now, said);
  return wrongState({
    id,
    state: now?.state.kind ?? 'gone',
    wants: asks ? 'this question was answered already and it has not gone on yet' : 'it was answered already',
    hint: `Nothing was sent to ${id}. Look at it: attach ${saidId(id)}. To say something more: tell ${saidId(id)} "…".`,
  });
};

/** The waiting instances that are meant; a named one that does not wait is an error. */
const waitingOnes = (state: State, targets: Targets): readonly Instance[] => {
  const found = selectInstances(state, targets);
  if (targets.id) found.forEach(requireWaiting);
  return requireSome(found.filter(isWaiting), 'instance', { ...targets, state: ['waiting'] });
};

/** The waiting instances that are meant; refuses all where one asks something else than was read. */
const meantOnes = (
  { store, saidAt }: Pick<Context, 'store' | 'saidAt'>,
  { since, ...targets }: AnswerTargets,
  said: Said,
): readonly Instance[] => {
  const found = waitingOnes(store.state, targets);
  for (const one of found) requireMeant(one, { since, saidAt }, said);
  return found;
};

type Asking = Pick<Instance, 'instance_id' | 'requests' | 'question'>;

const answerFact = ({ instance_id, requests = [], question }: Asking, answer: string): EventDraft => {
  const { tool, subject } = requests[0] ?? { tool: 'question', subject: question ?? '' };
  const meaning = meaningOf(answer);
  const decision = meaning === 'yes' ? 'allow' : meaning === 'no' ? 'deny' : 'answer';
  return { type: 'instance.answered', data: { instance_id, tool, subject, decision, rule: null } };
};

type Answering = Pick<Recording, 'decide' | 'store' | 'earlier'> & Pick<Context, 'giveAnswer' | 'hasHeard' | 'saidAt'>;

/** An instance, and what it asked when a request began to answer it. */
type Begun = readonly [id: string, place: string];

/** Whether a fact is that an instance got its answer. */
const isAnswerTo =
  (id: string) =>
  ({ type, data }: AppEvent): boolean =>
    type === 'instance.answered' && data.instance_id === id;

const requireText = ({ answer }: Said): string => {
  const clean = typable(answer);
  if (clean === '') throw badParameter({ command: 'answer instance', key: 'text', issue: 'there is nothing to say' });
  return clean;
};

/** Gives an answer to an instance. A question is answered once, however often the answer is repeated. */
const giveOne = async (context: Answering, one: Instance, said: Said): Promise<Answered | 'known'> => {
  requireWaiting(one);
  const clean = requireText(said);
  const given = await context.giveAnswer(one, clean);
  if (given.known === true) return 'known';
  const { instance_id: id } = one;
  await context.decide((state) => (state.instances[id] ? [answerFact(one, clean)] : []), isAnswerTo(id));
  return {
    ...{ instance: id, question: one.question, answer: clean, confirmed: given.confirmed },
    ...(given.untold === true ? { untold: true } : {}),
  };
};

/** The same, where a question that was answered by somebody else is refused. */
const giveFirst = async (context: Answering, one: Instance, said: Said): Promise<Answered> => {
  const given = await giveOne(context, one, said);
  if (given === 'known') throw answeredAlready(context.store.state.instances[one.instance_id], one, said);
  return given;
};

/** Notes which questions a request is about to answer: each is known by the time since when it is asked. */
const noteAsked = (context: Answering, all: readonly Instance[]): Promise<void> =>
  noteBegun(
    context,
    Object.fromEntries(all.map(({ instance_id: id, state, question }) => [id, `${state.since} ${question ?? ''}`])),
  );

/**
 * Answers what an instance asked when this very request had begun to answer it and its daemon died: once, and never what is asked
 * since. What cannot be known is not said.
 */
const giveAgain = async (context: Answering, [id, place]: Begun, said: Said): Promise<Answered> => {
  const { earlier, store, hasHeard, decide } = context;
  const answer = requireText(said);
  const [since = '', ...words] = place.split(' ');
  const question = words.join(' ') || null;
  const asking = (): Instance | undefined => {
    const now = store.state.instances[id];
    return now && isWaiting(now) && now.state.since === since ? now : undefined;
  };
  const known = store.state.instances[id];
  if (earlier.some(isAnswerTo(id)) || (known && (await hasHeard(known)))) {
    const one = asking() ?? { instance_id: id, question };
    await decide((state) => (state.instances[id] ? [answerFact(one, answer)] : []), isAnswerTo(id));
    return { instance: id, question, answer, confirmed: asking() === undefined };
  }
  const one = asking();
  const given = one ? await giveOne(context, one, said) : 'known';
  if (given === 'known') throw perhapsDone({ id, what: 'got its answer' });
  return given;
};

const idsWhere = (all: readonly Answered[], holds: (one: Answered) => boolean): readonly string[] =>
  all.filter(holds).map(({ instance }) => instance);

/** What is still to be said of those that got an answer: who was not seen going on, and who was not told the words behind a refusal. */
const unsureText = (all: readonly Answered[]): string => {
  const unseen = idsWhere(all, ({ confirmed }) => !confirmed);
  const untold = idsWhere(all, (one) => one.untold === true);
  const seen =
    unseen.length === 0
      ? ''
      : ` ${unseen.join(', ')} ${unseen.length === 1 ? 'has' : 'have'} not been seen going on yet.`;
  const advice = `it shows a dialog. When that is gone, say: tell ${saidId(untold[0] ?? '')} "…"`;
  return untold.length === 0 ? seen : `${seen} What to do instead was not typed to ${untold.join(', ')}: ${advice}`;
};

/** The answer to one instance. */
export const answerOne = async (
  context: Answering,
  find: () => Instance,
  { answer, since }: { readonly answer: string; readonly since: string | undefined },
): Promise<Outcome> => {
  const said: Said = { verb: 'answer', answer };
  const give = async (): Promise<Answered> => {
    const [begun] = begunBefore(context) ?? [];
    if (begun) return giveAgain(context, begun, said);
    const one = find();
    requireMeant(one, { since, saidAt: context.saidAt }, said);
    requireText(said);
    await noteAsked(context, [one]);
    return giveFirst(context, one, said);
  };
  const data = await give();
  return {
    message: `Answered ${data.instance}.${unsureText([data])}`,
    data,
    sideEffects: [`answered ${data.instance}`],
  };
};

/** Whether an instance still asks the same: while others are answered it may go on, and even ask something else. */
const stillAsks = ({ instances }: State, { instance_id, state }: Instance): boolean =>
  instances[instance_id]?.state.since === state.since;

/** Tries one of several: that it cannot have the answer keeps nobody else from it. */
const tryOne = (
  context: Answering,
  one: Instance,
  { meant, said }: { readonly meant: Meant; readonly said: Said },
): Promise<Answered | AppError> =>
  attempt(async () => {
    const { state } = context.store;
    if (!stillAsks(state, one)) throw answeredAlready(state.instances[one.instance_id], one, said);
    requireMeant(one, meant, said);
    requireYesOrNo(state, one, said);
    return giveFirst(context, one, said);
  });

/** Who of several got an answer, and why others did not. */
const givenText = (data: readonly Answered[], refusals: readonly AppError[], { verb }: Said): string => {
  const done = verb === 'approve' ? 'Approved' : 'Denied';
  const ids = data.map(({ instance }) => instance).join(', ');
  const asked = data.length === 1 ? data[0]!.question : null;
  const what = asked !== null ? `: ${asked}` : refusals.length > 0 || data.length === 1 ? '.' : '';
  const got = data.length === 0 ? `${done} nothing.` : `${done} what ${ids} asked${what}`;
  return [`${got}${unsureText(data)}`, ...refusals.map(adviceOf)].join(' ');
};

/** The same answer to all waiting instances that are meant; it tells who got it, and who did not and why. */
export const answerAll = async (context: Answering, targets: AnswerTargets, answer: 'yes' | 'no'): Promise<Outcome> => {
  const said: Said = { verb: answer === 'yes' ? 'approve' : 'deny', answer };
  const meant: Meant = { since: targets.since, saidAt: context.saidAt };
  const begun = begunBefore(context);
  const found = begun ? [] : meantOnes(context, targets, said);
  if (!begun) await noteAsked(context, found);
  const tries = begun
    ? [...begun].map((one) => () => attempt(() => giveAgain(context, one, said)))
    : found.map((one) => () => tryOne(context, one, { meant, said }));
  const data: Answered[] = [];
  const refusals: AppError[] = [];
  for (const give of tries) {
    const given = await give();
    if (given instanceof AppError) refusals.push(given);
    else data.push(given);
  }
  const [refusal] = refusals;
  if (refusal && tries.length === 1) throw refusal;
  return {
    message: givenText(data, refusals, said),
    data,
    sideEffects: data.map(({ instance }) => `answered ${instance}`),
    ...(refusal ? { exit: data.length === 0 ? 6 : 124 } : {}),
  };
};

/** Refuses a yes to one instance whose question asks for words; of several the others get theirs all the same. */
export const assertTakesYes = (state: State, targets: Targets): void => {
  const [one, ...others] = waitingOnes(state, targets);
  if (one && others.length === 0) requireYesOrNo(state, one, { verb: 'approve', answer: 'yes' });
};

/**
 * The question before several instances are answered at once, or one in beast mode: what that still asks about is
 * grave.
 */
export const answerLoss = (state: State, targets: Targets, answer: 'yes' | 'no'): Loss | undefined => {
  const found = waitingOnes(state, targets);
  const ids = found.map((one) => one.instance_id);
  const beasts = answer === 'yes' ? found.filter((one) => one.mode === 'beast') : [];
  const questions = found.map((one) => `${one.instance_id} asks: ${one.question}`).join('; ');
  // The confirmation holds for these questions, and for none that come after them.
  const asOf = found.map((one) => one.state.since).join(' ');
  if (ids.length > 1)
    return { targets: ids, asOf, loses: `This answers ${answer} to ${plural(ids.length, 'agent')}. ${questions}` };
  if (beasts.length === 0) return undefined;
  const loses = `${ids[0]} runs in mode beast and goes on without asking after this. ${questions}`;
  return { targets: ids, asOf, loses };
};
