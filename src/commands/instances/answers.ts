import { z } from 'zod';
import { meaningOf } from '../../agents/reply.ts';
import { AppError, adviceOf } from '../../lib/errors.ts';
import { withoutControls } from '../../lib/text.ts';
import { quote } from '../../protocol/lex.ts';
import { saidId } from '../../protocol/say.ts';
import type { AppEvent, EventDraft, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { plural } from '../../text/wording.ts';
import type { Context, Loss, Outcome, Recording } from '../define.ts';
import { badParameter, wrongState } from '../errors.ts';
import { attempt } from '../one-by-one.ts';
import { instanceParams, requireSome, selectInstances, type Targets } from '../selection.ts';

export const answeredSchema = z.object({
  instance: z.string(),
  question: z.string().nullable().describe('What was asked'),
  answer: z.string(),
  confirmed: z.boolean().describe('Whether it was seen to have taken the answer'),
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

const requireWaiting = (one: Instance): void => {
  if (isWaiting(one)) return;
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
  `${verb} ${saidId(id)} since=${state.since}${verb === 'answer' ? ` ${quote(typable(answer), true)}` : ''}`;

const asksOther = (now: Instance, said: Said) =>
  wrongState({
    id: now.instance_id,
    state: now.state.kind,
    wants: `it was answered already, and asks something else by now: ${now.question}`,
    hint: `Nothing was sent to ${now.instance_id}. To say the same to what it asks now: ${repeated(now, said)}`,
  });

/** The question that an answer is for: by the time since when it is asked, or else by that of the answer. */
type Meant = { readonly since?: string | undefined; readonly saidAt?: string | undefined };

/** An answer is for the question that was read, and never for one that came after it. */
const isMeant = ({ state }: Instance, { since, saidAt }: Meant): boolean =>
  since === undefined ? saidAt === undefined || state.since <= saidAt : state.since === since;

const requireMeant = (one: Instance, meant: Meant, said: Said): void => {
  requireWaiting(one);
  if (!isMeant(one, meant)) throw asksOther(one, said);
};

/** Why an answer was not given: the question was answered by somebody else, or in its terminal. */
const answeredAlready = (now: Instance | undefined, one: Instance, said: Said) => {
  const { instance_id: id } = one;
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

const answerFact = ({ instance_id, requests = [], question }: Instance, answer: string): EventDraft => {
  const { tool, subject } = requests[0] ?? { tool: 'question', subject: question ?? '' };
  const meaning = meaningOf(answer);
  const decision = meaning === 'yes' ? 'allow' : meaning === 'no' ? 'deny' : 'answer';
  return { type: 'instance.answered', data: { instance_id, tool, subject, decision, rule: null } };
};

type Answering = Pick<Recording, 'decide' | 'store' | 'earlier'> & Pick<Context, 'giveAnswer' | 'saidAt'>;

type AnsweredFact = Extract<AppEvent, { type: 'instance.answered' }>;

/** Whether a fact is that an instance got its answer. */
const isAnswerTo =
  (id: string) =>
  ({ type, data }: AppEvent): boolean =>
    type === 'instance.answered' && data.instance_id === id;

/** Gives an answer to an instance. A question is answered once, however often the answer is repeated. */
const giveOne = async (context: Answering, one: Instance, said: Said): Promise<Answered> => {
  requireWaiting(one);
  const clean = typable(said.answer);
  if (clean === '') throw badParameter({ command: 'answer instance', key: 'text', issue: 'there is nothing to say' });
  const given = await context.giveAnswer(one, clean);
  if (given.known === true) throw answeredAlready(context.store.state.instances[one.instance_id], one, said);
  const { instance_id: id } = one;
  await context.decide((state) => (state.instances[id] ? [answerFact(one, clean)] : []), isAnswerTo(id));
  return { instance: id, question: one.question, answer: clean, confirmed: given.confirmed };
};

/** The sentence about instances that were not seen going on after their answer. */
const unconfirmedText = (all: readonly Answered[]): string => {
  const ids = all.filter(({ confirmed }) => !confirmed).map(({ instance }) => instance);
  return ids.length === 0 ? '' : ` ${ids.join(', ')} ${ids.length === 1 ? 'has' : 'have'} not been seen going on yet.`;
};

/** The answer to one instance. */
export const answerOne = async (
  context: Answering,
  one: Instance,
  { answer, since }: { readonly answer: string; readonly since: string | undefined },
): Promise<Outcome> => {
  const said: Said = { verb: 'answer', answer };
  requireMeant(one, { since, saidAt: context.saidAt }, said);
  const data = await giveOne(context, one, said);
  return {
    message: `Answered ${one.instance_id}.${unconfirmedText([data])}`,
    data,
    sideEffects: [`answered ${one.instance_id}`],
  };
};

/** Whether an instance still asks the same: while others are answered it may go on, and even ask something else. */
const stillAsks = ({ instances }: State, { instance_id, state }: Instance): boolean =>
  instances[instance_id]?.state.since === state.since;

/** Those that this very request answered before its daemon died: none of them is answered again. */
const answeredBefore = async (context: Answering, { answer }: Said): Promise<readonly Answered[]> => {
  const facts = context.earlier.filter((event): event is AnsweredFact => event.type === 'instance.answered');
  // What it has recorded is taken up again, so that it is known to have come to its end.
  for (const { data } of facts) await context.decide(() => [], isAnswerTo(data.instance_id));
  return facts.map(({ at, data: { instance_id: instance, tool, subject } }) => {
    const now = context.store.state.instances[instance];
    const confirmed = now === undefined || !isWaiting(now) || now.state.since > at;
    return { instance, question: tool === 'question' ? subject : null, answer: typable(answer), confirmed };
  });
};

/** The rest of those that are meant, of a request that has answered some: nobody who came to ask after that is among them. */
const restOf = (
  { earlier, saidAt = earlier[0]!.at, store }: Answering,
  { since, ...targets }: AnswerTargets,
): readonly Instance[] => {
  const isAnswered = (id: string): boolean => earlier.some(isAnswerTo(id));
  // It was the last one then.
  if (targets.scope === 'last') return [];
  const named = targets.id?.filter((id) => !isAnswered(id));
  const found = selectInstances(store.state, { ...targets, id: named }).filter((one) => !isAnswered(one.instance_id));
  if (named) return found;
  return found.filter((one) => isWaiting(one) && isMeant(one, { since, saidAt }));
};

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
    return giveOne(context, one, said);
  });

/** Who of several got an answer, and why others did not. */
const givenText = (data: readonly Answered[], refusals: readonly AppError[], { verb }: Said): string => {
  const done = verb === 'approve' ? 'Approved' : 'Denied';
  const ids = data.map(({ instance }) => instance).join(', ');
  const asked = data.length === 1 ? data[0]!.question : null;
  const what = asked !== null ? `: ${asked}` : refusals.length > 0 || data.length === 1 ? '.' : '';
  const got = data.length === 0 ? `${done} nothing.` : `${done} what ${ids} asked${what}`;
  return [`${got}${unconfirmedText(data)}`, ...refusals.map(adviceOf)].join(' ');
};

/** The same answer to all waiting instances that are meant; it tells who got it, and who did not and why. */
export const answerAll = async (context: Answering, targets: AnswerTargets, answer: 'yes' | 'no'): Promise<Outcome> => {
  const said: Said = { verb: answer === 'yes' ? 'approve' : 'deny', answer };
  const before = await answeredBefore(context, said);
  const meant: Meant = { since: targets.since, saidAt: context.saidAt };
  const found = before.length > 0 ? restOf(context, targets) : meantOnes(context, targets, said);
  const data: Answered[] = [...before];
  const refusals: AppError[] = [];
  for (const one of found) {
    const given = await tryOne(context, one, { meant, said });
    if (given instanceof AppError) refusals.push(given);
    else data.push(given);
  }
  const [refusal] = refusals;
  if (refusal && found.length === 1 && before.length === 0) throw refusal;
  return {
    message: givenText(data, refusals, said),
    data,
    sideEffects: data.map(({ instance }) => `answered ${instance}`),
    ...(refusal ? { exit: data.length === 0 ? 6 : 124 } : {}),
  };
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
