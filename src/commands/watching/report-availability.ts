import { z } from 'zod';
import { formatDuration } from '../../lib/duration.ts';
import { type Availability, availabilityOf } from '../../state/lives.ts';
import { momentOf } from '../../text/moment.ts';
import { plural } from '../../text/wording.ts';
import { defineCommand } from '../define.ts';

const dataSchema = z.object({
  since: z.string().describe('Where it begins: at the first daemon that is remembered, or as it was asked'),
  until: z.string(),
  percent: z.number().nullable().describe('The share of the time in which a daemon was wanted and answered'),
  up_ms: z.number().int(),
  down_ms: z.number().int().describe('Nobody answered, although nobody had ended it'),
  silent_ms: z.number().int().describe('Part of that: it was there, and stopped or hanging'),
  unwanted_ms: z.number().int().describe('Not counted: it was ended on purpose, or the machine slept'),
  deaths: z.number().int().describe('How often it ended by itself'),
  longest_gap_ms: z.number().int().describe('The longest time from such an end to the next start'),
});
type Data = z.infer<typeof dataSchema>;

const inIso = (ms: number): string => new Date(ms).toISOString();

/** Rounded down: what is shown as 99 % is 99 % at least. */
const roundedDown = (percent: number | null): number | null =>
  percent === null ? null : Math.floor(percent * 1000) / 1000;

const asData = (found: Availability): Data => ({
  ...found,
  since: inIso(found.since),
  until: inIso(found.until),
  percent: roundedDown(found.percent),
});

const textOf = ({ percent, down_ms, deaths, longest_gap_ms, unwanted_ms, since }: Data): string => {
  const share = percent === null ? 'No daemon was wanted' : `The daemon was available for ${percent} % of the time`;
  const ends =
    deaths === 0 ? '' : `, in ${plural(deaths, 'end')} by itself, the longest ${formatDuration(longest_gap_ms)}`;
  const rest = unwanted_ms === 0 ? '' : `; ${formatDuration(unwanted_ms)} do not count, for nobody wanted one`;
  return `${share} since ${since}: down for ${formatDuration(down_ms)}${ends}${rest}.`;
};

export const reportAvailability = defineCommand({
  verb: 'report',
  noun: 'availability',
  summary: 'How available the daemon was while it was wanted, by its heartbeats; with least=99 below that is exit 1',
  example: 'report availability since=7d',
  role: 'viewer',
  modifiers: [],
  target: 'none',
  reads: true,
  params: z.object({
    since: z
      .string()
      .optional()
      .describe('Only from a time on: 10m ago, 2026-11-20T14:30; all that is known by default'),
    least: z.coerce.number().min(0).max(100).optional().describe('The percentage that is wanted'),
  }),
  result: dataSchema,
  refuses: (_standing, { since }) => {
    if (since !== undefined) momentOf(since, 0);
  },
  run: async ({ lives, now }, { since, least }) => {
    const until = Date.parse(now());
    const from = since === undefined ? 0 : momentOf(since, until);
    const data = asData(availabilityOf(lives(), from, until));
    const missed = least !== undefined && data.percent !== null && data.percent < least;
    return {
      message: missed ? `${textOf(data)} That is less than ${least} %.` : textOf(data),
      data,
      ...(missed ? { exit: 1 as const } : {}),
    };
  },
  draw: (_data: Data, _view, message) => message,
});
