import { z } from 'zod';
import { adapterFor } from '../agents/index.ts';
import { withoutControls } from '../lib/text.ts';
import type { State } from '../state/index.ts';
import type { Instance } from '../state/instances.ts';
import type { Context, Loss, Outcome } from './define.ts';
import { badParameter, wrongState } from './errors.ts';
import { selectInstances, some, type Targets } from './selection.ts';
import { plural } from './wording.ts';

export const answeredSchema = z.object({
  instance: z.string(),
  question: z.string().nullable().describe('What was asked'),
  answer: z.string(),
});

const isWaiting = (one: Instance): boolean => one.state.kind === 'waiting' && one.pane !== null;

const requireWaiting = (one: Instance): void => {
  if (isWaiting(one)) return;
  throw wrongState({
    id: one.instance_id,
    state: one.state.kind,
    wants: 'it asks nothing',
    hint: `To say something anyway: tell ${one.instance_id} "…".`,
  });
};

/** Those who are meant and wait: of named ones each has to. */
const waitingOnes = (state: State, targets: Targets): readonly Instance[] => {
  const found = selectInstances(state, targets);
  if (targets.id) found.forEach(requireWaiting);
  return some(found.filter(isWaiting), 'instance', { ...targets, state: ['waiting'] });
};

/** Gives an answer in the keys that mean it to this agent; what it is asked is answered once, whoever repeats it. */
const giveAnswer = async (context: Context, one: Instance, answer: string): Promise<z.infer<typeof answeredSchema>> => {
  requireWaiting(one);
  const clean = withoutControls(answer).replaceAll('\n', ' ').trim();
  if (clean === '') throw badParameter({ command: 'answer instance', key: 'text', issue: 'there is nothing to say' });
  const { keys, afterwards } = adapterFor(one.agent, context.settings).reply(one.question ?? '', clean);
  if (!(await context.tmux.reply(one.pane!, keys, `asked ${one.state.since}`)))
    throw wrongState({
      id: one.instance_id,
      state: one.state.kind,
      wants: 'this question was answered already and it has not gone on yet',
      hint: `Look at it: attach ${one.instance_id}. To say something more: tell ${one.instance_id} "…".`,
    });
  if (afterwards !== undefined) await context.typeLine(one, afterwards);
  return { instance: one.instance_id, question: one.question, answer: clean };
};

/** The answer to one instance. */
export const answerOne = async (context: Context, one: Instance, answer: string): Promise<Outcome> => ({
  message: `Answered ${one.instance_id}.`,
  data: await giveAnswer(context, one, answer),
  sideEffects: [`typed into ${one.instance_id}`],
});

/** The same answer to all that are meant. */
export const answerAll = async (context: Context, targets: Targets, answer: 'yes' | 'no'): Promise<Outcome> => {
  const data: z.infer<typeof answeredSchema>[] = [];
  for (const one of waitingOnes(context.store.state, targets)) data.push(await giveAnswer(context, one, answer));
  const ids = data.map(({ instance }) => instance);
  const verb = answer === 'yes' ? 'Approved' : 'Denied';
  return {
    message: `${verb} what ${ids.join(', ')} asked${ids.length === 1 ? `: ${data[0]!.question}` : ''}`,
    data,
    sideEffects: ids.map((id) => `typed into ${id}`),
  };
};

/** Several at once are asked about, and one that was to ask for nothing: what it still asks for is grave. */
export const answerLoss = (state: State, targets: Targets, answer: 'yes' | 'no'): Loss | undefined => {
  const found = waitingOnes(state, targets);
  const ids = found.map((one) => one.instance_id);
  const beasts = answer === 'yes' ? found.filter((one) => one.mode === 'beast') : [];
  const questions = found.map((one) => `${one.instance_id} asks: ${one.question}`).join('; ');
  if (ids.length > 1)
    return { targets: ids, loses: `This answers ${answer} to ${plural(ids.length, 'agent')}. ${questions}` };
  if (beasts.length === 0) return undefined;
  return { targets: ids, loses: `${ids[0]} runs in mode beast and goes on without asking after this. ${questions}` };
};
