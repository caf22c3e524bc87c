import type { AgentSettings, Settings } from '../state/settings.ts';
import { BUILT_IN } from './index.ts';

/** What is filled in for names in braces, by the settings that hold arguments: in those of a built-in agent nothing is. */
const filledIn = (
  agent: string,
  { prompt }: AgentSettings,
): Readonly<Record<'command' | 'resume', readonly string[]>> => {
  if (Object.hasOwn(BUILT_IN, agent)) return { command: [], resume: [] };
  return { command: prompt === 'argument' ? ['{prompt}', '{brief}'] : [], resume: ['{conversation}'] };
};

const PLACEHOLDER = /\{\w+\}/gu;

const idleText = (key: string, idle: readonly string[], known: readonly string[]): string => {
  const filled = known.length === 0 ? 'nothing is filled in there' : `filled in there: ${known.join(', ')}`;
  return `${key}: ${[...new Set(idle)].join(', ')} reaches the program as it stands; ${filled}.`;
};

/**
 * What stands in braces in the arguments of agents and nothing is filled in for, in a sentence for each setting. It may be meant
 * so.
 */
export const idlePlaceholders = ({ agents }: Pick<Settings, 'agents'>): readonly string[] =>
  Object.entries(agents).flatMap(([agent, settings]) =>
    Object.entries(filledIn(agent, settings)).flatMap(([key, known]) => {
      const args = settings[key as 'command' | 'resume'] ?? [];
      const idle = args.flatMap((arg) => arg.match(PLACEHOLDER) ?? []).filter((name) => !known.includes(name));
      return idle.length === 0 ? [] : [idleText(`agents.${agent}.${key}`, idle, known)];
    }),
  );
