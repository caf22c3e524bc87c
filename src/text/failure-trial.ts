import { z } from 'zod';

/** What can be done to one agent on purpose. */
const AGENT_HARMS = ['instance-crash', 'session-lost'] as const;
export type AgentHarm = (typeof AGENT_HARMS)[number];

/** Failures that only a rehearsal is put to: nobody can do them to one agent alone, and one that is stopped counts as paused. */
const REHEARSED_FAILURES = ['agent-hang', 'message-loss', 'disk-full', 'merge-conflict'] as const;

/** Failures of parts that Drover does not have, by the reason. */
export const NO_SUCH_PART = {
  'bus-down': 'there is no bus: the daemon and its agents speak over files and a socket of this machine',
  'network-partition': 'there is no network in between: all agents run on the machine of their daemon',
} as const;

const TRIED = [...AGENT_HARMS, ...REHEARSED_FAILURES] as const;
/** A failure that can be tried. */
export type TriedFailure = (typeof TRIED)[number];
export const FAILURE_KINDS = [...TRIED, 'bus-down', 'network-partition'] as const;

export const isFailure = (failure: string): boolean => (FAILURE_KINDS as readonly string[]).includes(failure);

/** Whether there is nothing that could fail so. */
export const isMissingPart = (failure: string): failure is keyof typeof NO_SUCH_PART =>
  Object.hasOwn(NO_SUCH_PART, failure);

/** Whether it is about one agent. */
export const isAgentHarm = (failure: string): failure is AgentHarm =>
  (AGENT_HARMS as readonly string[]).includes(failure);

export const failureTrialSchema = z.object({
  failure: z.enum(TRIED),
  on: z.string().describe('The instance, or "a rehearsal"'),
  recovered: z.boolean(),
  seconds: z.number().nullable().describe('From the failure until all was well again; none when it did not get so'),
  limit_s: z.number().describe('How long it may take'),
  how: z.string().describe('What was seen to happen'),
});
/** What became of a failure that was made on purpose. */
export type FailureTrial = z.infer<typeof failureTrialSchema>;

/** What became of it, in a sentence. */
export const trialText = ({ failure, on, recovered, seconds, limit_s, how }: FailureTrial): string =>
  recovered
    ? `${failure} on ${on}: well again after ${seconds} s, ${limit_s} s were allowed; ${how}.`
    : `${failure} on ${on}: not well again within ${limit_s} s; ${how}.`;
