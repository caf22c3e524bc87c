import { isRecord } from '../lib/entry.ts';
import { NETWORKS, SANDBOX_MODES, SANDBOX_NEEDS, strongestOf } from './sandbox-settings.ts';
import { settingAt, type Values } from './setting-layers.ts';

/** What is asked for, and what holds without it: whether nobody is less shut in by the one than by the other. */
type Judge = (asked: unknown, held: unknown) => boolean;

/** For words of which each closes more than the one before it; what is no word of them is left to whoever refuses the file. */
const atLeast =
  (order: readonly string[]): Judge =>
  (asked, held) =>
    order.includes(String(asked)) && order.indexOf(String(asked)) >= order.indexOf(String(held));

/** For lists of what is laid open. */
const noMore: Judge = (asked, held) =>
  Array.isArray(asked) && asked.every((one) => Array.isArray(held) && held.includes(one));

const modeAtLeast = atLeast(SANDBOX_MODES);

const ownModes = (values: unknown, group: 'agents' | 'modes'): Readonly<Record<string, unknown>> => {
  const table = settingAt(values, group);
  const entries = isRecord(table) ? Object.entries(table) : [];
  return Object.fromEntries(
    entries.flatMap(([name, one]) => (isRecord(one) && Object.hasOwn(one, 'sandbox') ? [[name, one['sandbox']]] : [])),
  );
};

/** The settings of the group itself, each with what holds where nobody says a word of it, and its judge. */
const judgesFor = (mode: string, checks: string): Readonly<Record<string, readonly [held: unknown, judge: Judge]>> => ({
  mode: [mode, modeAtLeast],
  need: ['if-available', atLeast(SANDBOX_NEEDS)],
  // Without a word it goes by the mode, and that is never more than the list.
  network: ['allow-list', atLeast(NETWORKS)],
  hosts: [[], noMore],
  read: [[], noMore],
  write: [[], noMore],
  checks: [checks, modeAtLeast],
  setup: [checks, modeAtLeast],
  checks_network: ['off', atLeast(NETWORKS)],
});

/**
 * Of what a repository's file asks for, what only shuts in more than what holds without it does: that needs nobody's trust.
 * Where the words of agents and run profiles come before others, each is held against all that it comes before.
 */
export const narrowsOf = (asked: Values, held: unknown): Values => {
  // Without a word an agent that may do everything is shut in, with its checks: nobody but a person takes that away.
  const mode = String(settingAt(held, 'sandbox.mode') ?? 'worktree');
  const [agents, modes] = [ownModes(held, 'agents'), ownModes(held, 'modes')];
  const judges = judgesFor(
    mode,
    mode === 'off' ? mode : strongestOf([mode, ...Object.values(agents), ...Object.values(modes)]),
  );
  const group = isRecord(asked['sandbox']) ? asked['sandbox'] : {};
  const sandbox = Object.entries(group).filter(([name, value]) => {
    if (!Object.hasOwn(judges, name)) return false;
    const [unsaid, judge] = judges[name]!;
    const before = name === 'setup' ? settingAt(held, 'sandbox.checks') : undefined;
    return judge(value, settingAt(held, `sandbox.${name}`) ?? before ?? unsaid);
  });
  const before = strongestOf([mode, ...Object.values(agents)]);
  const own = (table: 'agents' | 'modes', floor: (name: string) => unknown) =>
    Object.entries(ownModes(asked, table))
      .filter(([name, value]) => modeAtLeast(value, floor(name)))
      .map(([name, value]) => [name, { sandbox: value }] as const);
  const parts = {
    sandbox,
    agents: own('agents', (name) => (Object.hasOwn(agents, name) ? agents[name] : mode)),
    modes: own('modes', (name) => (Object.hasOwn(modes, name) ? modes[name] : before)),
  };
  return Object.fromEntries(
    Object.entries(parts).flatMap(([name, entries]) =>
      entries.length > 0 ? [[name, Object.fromEntries(entries)]] : [],
    ),
  );
};
