import { z } from 'zod';
import type { HealthReport, HealthState, ServiceHealth } from '../ports/reflective.ts';
import type { Table, Tone } from './table.ts';
import { plural } from './wording.ts';

const STATES = ['ok', 'degraded', 'failed'] as const satisfies readonly HealthState[];

/** How the parts of the daemon are, as `status daemon health` answers and `drover health --json` prints it. */
export const healthReportSchema = z.object({
  state: z.enum(STATES).describe('As bad as the worst part: a degraded one works, but not as it should'),
  services: z.array(
    z.object({
      name: z.string(),
      state: z.enum(STATES),
      why: z.string().nullable().describe('What is wrong, in a sentence'),
      indicators: z
        .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
        .describe('What it counts and measures of itself'),
      capabilities: z.array(z.string()).describe('What others get from it'),
    }),
  ),
});

/** One sentence about all of them; those that are not well by name. */
export const healthText = ({ services }: HealthReport): string => {
  const unwell = services.filter(({ state }) => state !== 'ok');
  if (unwell.length === 0) return `All ${plural(services.length, 'part')} of it are well.`;
  return `Not well: ${unwell.map(({ name, state, why }) => `${name} (${state}): ${why ?? 'it does not say why.'}`).join(' ')}`;
};

const TONES: Readonly<Record<HealthState, Tone>> = { ok: 'good', degraded: 'busy', failed: 'bad' };
const GLYPHS: Readonly<Record<HealthState, string>> = { ok: '✔', degraded: '▲', failed: '✖' };

const figures = ({ indicators }: ServiceHealth): string =>
  Object.entries(indicators)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => `${name.replaceAll('_', ' ')} ${value}`)
    .join(', ');

export const healthTable = ({ services }: HealthReport): Table => ({
  head: ['part', 'health', 'what it says'],
  rows: services.map((one) => [
    { text: one.name },
    { text: `${GLYPHS[one.state]} ${one.state}`, tone: TONES[one.state] },
    one.why === null ? { text: figures(one), tone: 'dim' } : { text: one.why, tone: TONES[one.state] },
  ]),
  empty: 'The daemon has no parts.',
});
