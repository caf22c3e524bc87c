import { asSentence } from '../../lib/errors.ts';
import { oneLine, shorten } from '../../lib/text.ts';
import { saidId, saidName } from '../../protocol/say.ts';
import { DISK_LOW } from '../../state/alerts.ts';
import type { EventDraft, State } from '../../state/index.ts';
import type { Instance } from '../../state/instances.ts';
import { moved } from '../../state/moves.ts';
import type { DaemonServices } from '../services.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';
import { giveBackFacts } from './release-facts.ts';

const LONGEST_WHY = 300;

const alertOf = (agent: string): string => `starts:${agent}`;

/** Starts of an agent that failed one after the other: the last of them, and how the agent is logged in. */
type FailedStarts = {
  readonly agent: string;
  readonly times: number;
  readonly why: string;
  readonly instance: string;
  readonly repair?: string;
};

const isAboutLogin = (why: string): boolean => /\blog(?:ged)?[ -]?in\b/iu.test(why);

/** The command that helps first. */
const helpFor = ({ alerts }: State, { agent, why, instance }: FailedStarts): string => {
  if (alerts['disk:full'] || alerts[DISK_LOW] || /\bENOSPC\b|no space left|disk .*full/iu.test(why))
    return 'clean worktrees force';
  if (isAboutLogin(why)) return `attach instance ${saidId(instance)}`;
  return /cannot be run|\b12[67]\b/u.test(why)
    ? `show adapter ${saidName(agent)}`
    : `show instance ${saidId(instance)}`;
};

/** The one alert about all programs of an agent that are not started because several in a row failed as soon as they were. */
export const startsFact = (state: State, told: FailedStarts): EventDraft => {
  const { agent, times, instance, repair } = told;
  const why = shorten(oneLine(told.why), LONGEST_WHY);
  const login = repair !== undefined && isAboutLogin(why) ? ` Log in: ${repair}.` : '';
  const text = `${times} starts of ${agent} in a row failed at once, the last one of ${instance}: ${asSentence(why)}${login} The others wait; when it is mended, start them: resume all instances`;
  return {
    type: 'alert.raised',
    data: { id: alertOf(agent), severity: 'error', text, suggestion: helpFor(state, told), instance: null, task: null },
  };
};

/** The facts when a program of the agent has started again. */
export const startsOverFacts = (state: State, agent: string): EventDraft[] =>
  clearAlertFacts(state, alertOf(agent), 'it starts again');

/** The facts when an instance is removed: nothing waits any more where it was the last one of its agent. */
export const noneWaitsFacts = (state: State, { instance_id: id, agent }: Instance): EventDraft[] =>
  Object.values(state.instances).some((one) => one.agent === agent && one.instance_id !== id)
    ? []
    : clearAlertFacts(state, alertOf(agent), 'no instance of it is there any more');

/**
 * The facts about an instance that is not started because those before it failed: a run that it was to go on with is kept, and
 * tried again later without counting as a try; one without a run waits for a person.
 */
export const heldBackFacts = (
  { now }: Pick<DaemonServices, 'now'>,
  state: State,
  id: string,
  { why, restMs }: { readonly why: string; readonly restMs: number },
): EventDraft[] => {
  const instance = state.instances[id];
  if (instance?.state.kind !== 'creating') return [];
  const evidence = `not started, because others of its kind failed: ${shorten(oneLine(why), LONGEST_WHY)}`;
  const due = new Date(Date.parse(now()) + restMs).toISOString();
  const { recovery } = instance;
  const again: EventDraft[] =
    recovery?.next === 'go-on'
      ? [
          {
            type: 'instance.recovery_planned',
            data: { instance_id: id, recovery: { ...recovery, next: 'restart', due } },
          },
        ]
      : [];
  return [
    ...again,
    ...giveBackFacts(state, instance, evidence),
    ...moved(state, id, { state: 'failed', source: 'drover', evidence }),
  ];
};
