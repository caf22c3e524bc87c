import { z } from 'zod';
import { parseDuration } from '../../lib/duration.ts';
import { denied } from '../../protocol/errors.ts';
import type { State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import {
  type AgentHarm,
  FAILURE_KINDS,
  type FailureTrial,
  failureTrialSchema,
  isAgentHarm,
  isFailure,
  isMissingPart,
  NO_SUCH_PART,
  trialText,
} from '../../text/failure-trial.ts';
import { begunBefore, noteBegun } from '../begun.ts';
import { type Context, defineCommand, type Outcome } from '../define.ts';
import { noSuchPart, onlyRehearsed, perhapsDone, wrongState } from '../errors.ts';
import { lookUp } from '../selection.ts';

/** How long it may take where nobody says it, in milliseconds. */
const USUAL_LIMIT_MS = 30_000;

const params = z.object({
  op: z.enum(['simulate']).default('simulate'),
  // As an enumeration it would make a line of help that no terminal has room for.
  failure: z
    .string()
    .refine(isFailure, `there is only ${FAILURE_KINDS.join(', ')}`)
    .describe(`What is made to fail: ${FAILURE_KINDS.join(', ')}`),
  id: z.string().optional().describe('An instance of this swarm that it happens to; without it a rehearsal of its own'),
  'recovery-time': z
    .string()
    .refine((text) => parseDuration(text) !== undefined, 'not a time such as 30s')
    .optional()
    .describe('How long it may take until all is well again (default: 30s)'),
});
type Params = z.infer<typeof params>;

/** The instance that harm is done to; refuses whoever may not, and harm that is not about one agent. */
const realTarget = ({ actor, store }: Context, { failure, id }: Params, modifiers: readonly string[]) => {
  if (id === undefined) return undefined;
  if (actor.role !== 'admin' || !modifiers.includes('allow-chaos'))
    throw denied({
      actor: actor.name,
      command: 'test failure',
      needs: `On an instance of this swarm it takes the role admin and the word allow-chaos; without ${id} a rehearsal is put to it.`,
    });
  if (!isAgentHarm(failure)) throw onlyRehearsed({ failure });
  const instance = lookUp(store.state.instances, id, 'instance');
  const { kind } = instance.state;
  if (kind !== 'working' && kind !== 'waiting')
    throw wrongState({
      id: instance.instance_id,
      state: kind,
      wants: 'only one at work is started again by itself, and that is what is measured.',
      hint: 'Name one that is at work: "list instances state=working".',
    });
  return { instance, harm: failure };
};

/** Whether an instance is at it again, with another program than the one that harm was done to. */
const isWellAgain = ({ instances }: Pick<State, 'instances'>, before: Instance): boolean => {
  const now = instances[before.instance_id];
  return (
    now !== undefined &&
    now.pid !== null &&
    now.pid !== before.pid &&
    now.recovery?.next == null &&
    ['idle', 'working', 'waiting', 'verifying'].includes(now.state.kind)
  );
};

const harmReal = async (
  context: Context,
  { instance, harm }: { instance: Instance; harm: AgentHarm },
  limit: number,
): Promise<FailureTrial> => {
  const { store, signal } = context;
  const patience = AbortSignal.timeout(limit);
  await noteBegun(context, { [instance.instance_id]: harm });
  await context.harmAgent(instance, harm);
  const began = performance.now();
  const well = store.until((state) => isWellAgain(state, instance), AbortSignal.any([signal, patience]));
  await well.catch((error: unknown) => {
    if (!patience.aborted) throw error;
  });
  const now = store.state.instances[instance.instance_id];
  const recovered = isWellAgain(store.state, instance);
  return {
    ...{ failure: harm, on: instance.instance_id, recovered, limit_s: limit / 1000 },
    seconds: recovered ? Math.round(performance.now() - began) / 1000 : null,
    how: recovered ? 'its program was started again' : `it is ${now?.state.kind ?? 'gone'}`,
  };
};

const outcomeOf = (data: FailureTrial): Outcome =>
  data.recovered ? { message: trialText(data), data } : { message: trialText(data), data, exit: 1 };

export const testFailure = defineCommand({
  verb: 'test',
  noun: 'failure',
  summary: 'Make something fail on purpose, in a rehearsal that removes itself, and measure until all is well again',
  example: 'test failure simulate instance-crash recovery-time',
  role: 'operator',
  modifiers: ['recovery-time', 'allow-chaos'],
  target: 'none',
  reads: false,
  effects:
    'builds a scratch swarm and removes it; with id and allow-chaos, ends the program or session of that instance',
  params,
  result: failureTrialSchema,
  asks: async (context, said, modifiers) => {
    const real = realTarget(context, said, modifiers);
    if (!real) return undefined;
    const { instance_id: id } = real.instance;
    return {
      targets: [id],
      loses: `This does ${real.harm} to ${id}, which is at work: what its program has not written down is lost.`,
    };
  },
  foresees: (_standing, { id }) => (id === undefined ? undefined : 'asks'),
  run: async (context, said, modifiers) => {
    const { failure, 'recovery-time': allowed } = said;
    if (isMissingPart(failure)) throw noSuchPart({ failure, why: NO_SUCH_PART[failure] });
    const limit = parseDuration(allowed ?? '') ?? USUAL_LIMIT_MS;
    // Harm is done once. How long it took is not known of one whose daemon died meanwhile.
    if (said.id !== undefined && begunBefore(context)) throw perhapsDone({ id: said.id, what: `got over ${failure}` });
    const real = realTarget(context, said, modifiers);
    if (real) return outcomeOf(await harmReal(context, real, limit));
    const argv = ['rehearse', '--failure', failure, String(limit), '--json'];
    return outcomeOf(failureTrialSchema.parse(await context.rehearse(argv)));
  },
});
