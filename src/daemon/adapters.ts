import type { AgentAdapter, Signal } from '../agents/adapter.ts';
import { adapterOrStranger } from '../agents/index.ts';
import { OWN_PATTERNS } from '../agents/shell.ts';
import { entryOf } from '../lib/entry.ts';
import { messageOf } from '../lib/errors.ts';
import { oneLine, shorten } from '../lib/text.ts';
import { runWithin } from './run-within.ts';
import type { EventDraft } from '../state/index.ts';
import type { Settings } from '../state/settings.ts';
import type { DaemonServices } from './services.ts';
import { clearAlertFacts } from './signals/alert-facts.ts';

type Adapters = Pick<DaemonServices, 'adapterFor' | 'adapterToStart' | 'agentTrouble'>;

/** What alerts of patterns begin with. */
const ALERT = 'pattern:';

/** How long the patterns of an agent may take with a screen, in milliseconds: a thousand times what is usual. */
const LONGEST_MS = 500;

const SHOWN = 60;

type OwnPattern = (typeof OWN_PATTERNS)[number];

/** The patterns that the settings have for an agent. */
const patternsOf = (settings: Settings, agent: string): readonly OwnPattern[] =>
  OWN_PATTERNS.filter((key) => entryOf(settings.agents, agent)?.[key] !== undefined);

/** The settings without some of an agent's patterns. */
const withoutPatterns = (settings: Settings, agent: string, keys: readonly OwnPattern[]): Settings => {
  const own = entryOf(settings.agents, agent);
  if (!own || keys.length === 0) return settings;
  const changed = { ...own, ...Object.fromEntries(keys.map((key) => [key, undefined])) };
  return { ...settings, agents: { ...settings.agents, [agent]: changed } };
};

/** The alert about a pattern that took too long. */
const slowFact = (settings: Settings, agent: string, key: OwnPattern): EventDraft => {
  const source = shorten(oneLine(settings.agents[agent]?.[key] ?? ''), SHOWN);
  const text =
    `The pattern of "agents.${agent}.${key}" takes too long on a screen, and is not used any more until the settings change: ` +
    `${source}. Say it without a repetition inside of a repetition.`;
  const about = { suggestion: 'list config', instance: null, task: null };
  return { type: 'alert.raised', data: { id: `${ALERT}${agent}.${key}`, severity: 'warning', text, ...about } };
};

/** Which of an agent's patterns take too long with a screen, each by itself. */
const slowPatterns = (settings: Settings, agent: string, screen: string): readonly OwnPattern[] => {
  const used = patternsOf(settings, agent);
  const each = Math.ceil(LONGEST_MS / (2 * used.length));
  return used.filter((key) => {
    const others = used.filter((other) => other !== key);
    const { readScreen } = adapterOrStranger(agent, withoutPatterns(settings, agent, others)).adapter;
    return runWithin(each, () => readScreen?.(screen)) === undefined;
  });
};

/** The adapter whose own patterns read a screen no longer than is sane; `orElse` is asked for the screen that took longer. */
const bounded = (adapter: AgentAdapter, orElse: NonNullable<AgentAdapter['readScreen']>): AgentAdapter => {
  const { readScreen } = adapter;
  if (!readScreen) return adapter;
  return {
    ...adapter,
    readScreen: (screen) => {
      const read = runWithin(LONGEST_MS, () => readScreen(screen));
      return read ? read.value : orElse(screen);
    },
  };
};

/** Tells of patterns that take too long; what an alert says of them is over when the settings change. */
const makeTeller = ({ decide, log }: Pick<DaemonServices, 'decide' | 'log'>) => {
  const record = (facts: Parameters<typeof decide>[0]): void =>
    void decide(facts).catch((error: unknown) => log(`patterns of agents: ${messageOf(error)}`));
  return {
    slow: (facts: readonly EventDraft[]) => record(() => facts),
    over: () =>
      record((state) =>
        Object.keys(state.alerts)
          .filter((id) => id.startsWith(ALERT))
          .flatMap((id) => clearAlertFacts(state, id, 'the settings were read anew')),
      ),
  };
};

/**
 * Adapters by the settings as they are now: with other settings each is made anew. A pattern of the settings that takes too
 * long with a screen is told, and left out until they change.
 */
export const makeAdapters = (settings: () => Settings, services: Pick<DaemonServices, 'decide' | 'log'>): Adapters => {
  const tell = makeTeller(services);
  const adapters = new Map<string, ReturnType<typeof adapterOrStranger>>();
  const leftOut = new Map<string, readonly OwnPattern[]>();
  let adaptedTo: Settings | undefined;

  const adaptTo = (now: Settings): void => {
    if (adaptedTo === now) return;
    adaptedTo = now;
    adapters.clear();
    leftOut.clear();
    tell.over();
  };

  /** Reads a screen with those of an agent's patterns that are quick; nothing where it was the machine that stood still. */
  const readWithQuick = (agent: string, used: Settings, screen: string): Signal | undefined => {
    const slow = slowPatterns(used, agent, screen);
    if (slow.length === 0) return undefined;
    leftOut.set(agent, [...(leftOut.get(agent) ?? []), ...slow]);
    adapters.delete(agent);
    tell.slow(slow.map((key) => slowFact(used, agent, key)));
    return find(agent).adapter.readScreen?.(screen);
  };

  const find = (agent: string) => {
    const now = settings();
    adaptTo(now);
    const known = adapters.get(agent);
    if (known) return known;
    const used = withoutPatterns(now, agent, leftOut.get(agent) ?? []);
    const { adapter, trouble } = adapterOrStranger(agent, used);
    const isOwn = patternsOf(used, agent).length > 0;
    const found = {
      adapter: isOwn ? bounded(adapter, (screen) => readWithQuick(agent, used, screen)) : adapter,
      trouble,
    };
    adapters.set(agent, found);
    return found;
  };

  return {
    adapterFor: (agent) => find(agent).adapter,
    agentTrouble: (agent) => find(agent).trouble,
    adapterToStart: (agent) => {
      const { adapter, trouble } = find(agent);
      if (trouble) throw trouble;
      return adapter;
    },
  };
};
