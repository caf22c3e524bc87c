import { asSentence, messageOf } from '../../lib/errors.ts';
import type { Health, HealthReport, HealthState, Reflective, ServiceHealth } from '../../ports/reflective.ts';
import type { Rounds } from './service.ts';

/** A part that has not told for so long how it is counts as failed, in milliseconds. */
const PATIENCE_MS = 2000;

/** From the best to the worst. */
const STATES = ['ok', 'degraded', 'failed'] as const satisfies readonly HealthState[];

/** Nothing is wrong. */
export const healthy = (indicators: Health['indicators'] = {}): Health => ({ state: 'ok', why: null, indicators });

const failed = (why: string): Health => ({ state: 'failed', why: asSentence(why), indicators: {} });

const healthOf = async (part: Reflective, patienceMs: number): Promise<Health> => {
  const { promise: late, resolve } = Promise.withResolvers<Health>();
  const timer = setTimeout(() => resolve(failed(`It does not tell within ${patienceMs} ms how it is`)), patienceMs);
  try {
    return await Promise.race([part.health(), late]);
  } catch (error) {
    return failed(messageOf(error));
  } finally {
    clearTimeout(timer);
  }
};

const worstOf = (states: readonly HealthState[]): HealthState =>
  STATES[Math.max(0, ...states.map((state) => STATES.indexOf(state)))]!;

/** The health of a part that works on each machine for itself: as bad as the worst, the figures of each under its name. */
export const joinMachines = (machines: readonly { readonly host: string; readonly health: Health }[]): Health => {
  const [only] = machines;
  if (only && machines.length === 1) return only.health;
  const whys = machines.flatMap(({ host, health }) => (health.why === null ? [] : [`${host}: ${health.why}`]));
  const figures = machines.flatMap(({ host, health }) =>
    Object.entries(health.indicators).map(([name, value]) => [`${host}_${name}`, value] as const),
  );
  return {
    state: worstOf(machines.map(({ health }) => health.state)),
    why: whys.length === 0 ? null : whys.join(' '),
    indicators: Object.fromEntries(figures),
  };
};

/** The same of a part that works in rounds on each. */
export const joinRounds = (machines: readonly { readonly host: string; readonly rounds: Rounds }[]): Health =>
  joinMachines(machines.map(({ host, rounds }) => ({ host, health: rounds.health() })));

/** Asks every part at once how it is: one that is silent or fails at that has failed, and keeps no other from telling. */
export const reportHealth = async (parts: readonly Reflective[], patienceMs = PATIENCE_MS): Promise<HealthReport> => {
  const services = await Promise.all(
    parts.map(async (part): Promise<ServiceHealth> => {
      const { name, capabilities } = part;
      return { name, ...(await healthOf(part, patienceMs)), capabilities };
    }),
  );
  return { state: worstOf(services.map(({ state }) => state)), services };
};
