import { z } from 'zod';
import { adapterOrStranger, agentNames } from '../../agents/index.ts';
import { shellQuote, shown } from '../../lib/text.ts';
import { launchModeOf, type Mode } from '../../state/modes.ts';
import { modeSettingsSchema, type Settings } from '../../state/settings.ts';
import type { Table } from '../../text/table.ts';
import { plural } from '../../text/wording.ts';
import { policyFor, policySchema, policyText } from './permission-policy.ts';

export const modeRecordSchema = modeSettingsSchema.extend({
  name: z.string(),
  permissions: policySchema.describe('What is answered when an agent in it asks for a permission'),
  flags: z
    .record(z.string(), z.array(z.string()))
    .describe('What it adds to the command line of each agent, arguments of the configuration included'),
});
export type ModeRecord = z.infer<typeof modeRecordSchema>;

/** A mode with the arguments that agents are started with in this mode. */
export const modeRecord = (mode: Mode, settings: Settings): ModeRecord => ({
  ...mode,
  gates: [...mode.gates],
  permissions: policyFor(settings, { agent: null, mode: mode.name }),
  flags: Object.fromEntries(
    agentNames(settings).map((agent) => [
      agent,
      [...adapterOrStranger(agent, settings).adapter.flags(launchModeOf(mode, agent))],
    ]),
  ),
});

const AUTONOMY: Readonly<Record<Mode['autonomy'], string>> = {
  ask: 'asks before everything',
  edit: 'edits without asking',
  auto: 'edits and runs harmless commands without asking',
  full: 'does everything without asking',
};

const reach = ({ autonomy, read_only }: ModeRecord): string => (read_only ? 'reads only' : AUTONOMY[autonomy]);

export const modeTable = (modes: readonly ModeRecord[]): Table => ({
  head: ['mode', 'enabled', 'autonomy', 'retries', 'gates', 'what'],
  rows: modes.map((mode) => [
    { text: mode.name },
    mode.enabled ? { text: 'yes', tone: 'good' } : { text: 'no', tone: 'dim' },
    { text: mode.read_only ? 'read' : mode.autonomy },
    { text: String(mode.retries) },
    { text: String(mode.gates.length) },
    { text: mode.description },
  ]),
  empty: 'There is no mode.',
});

const flagLines = ({ flags }: ModeRecord): string[] => {
  const width = Math.max(...Object.keys(flags).map((agent) => agent.length));
  return Object.entries(flags).map(
    ([agent, args]) => `  ${agent.padEnd(width)}  ${args.length > 0 ? args.map(shellQuote).join(' ') : '(none)'}`,
  );
};

/** Everything about one mode. */
export const modeText = (mode: ModeRecord): string => {
  const enable = `no; enable it with: drover config set ${shellQuote(`modes.${mode.name}.enabled`)} true`;
  const retries =
    mode.retries === 0 ? 'none' : `a failed run is tried again by itself, up to ${plural(mode.retries, 'time')}`;
  const fields = [
    ['enabled', mode.enabled ? 'yes' : enable],
    ['autonomy', `${mode.autonomy}: ${reach(mode)}`],
    ['retries', retries],
    ['asked', policyText(mode.permissions)],
    ['gates', mode.gates.length === 0 ? 'none beside the check of the task' : mode.gates.join('; ')],
  ];
  return shown(
    [
      `${mode.name}${mode.description === '' ? '' : `: ${mode.description}`}`,
      ...fields.map(([key, value]) => `${`${key}:`.padEnd(10)} ${value}`),
      '',
      'Arguments, by agent:',
      ...flagLines(mode),
      ...(mode.preamble === '' ? [] : ['', 'What the brief says first:', mode.preamble.replaceAll(/^(?=.)/gmu, '  ')]),
    ].join('\n'),
  );
};
