import { agentNames } from '../agents/index.ts';
import { modeNames } from '../state/modes.ts';
import type { Layer } from '../state/setting-layers.ts';
import type { Settings } from '../state/settings.ts';
import { isSame, withheldIn, withheldNames } from '../state/trust.ts';
import { shellCommands } from '../text/help/shell-commands.ts';
import type { CommandLanguage } from './define.ts';
import { registry } from './index.ts';

type Spoken = { readonly layers: readonly Layer[]; readonly language: CommandLanguage };

const NO_LAYERS: readonly Layer[] = [];

/** Those that are commands of the language as well are found as such first. */
const shell = shellCommands.map(({ name }) => name);

const languages = new WeakMap<Settings, Spoken>();

/**
 * The language of lines under these settings, and of what in their layers nobody has trusted; the same ones give the same
 * object, so that parsers can keep what they derive of it.
 */
export const languageOf = (settings: Settings, layers: readonly Layer[] = NO_LAYERS): CommandLanguage => {
  const before = languages.get(settings);
  if (before?.layers === layers) return before.language;
  const agents = agentNames(settings);
  const untrusted = withheldNames(withheldIn(layers), 'agents').filter((name) => !agents.includes(name));
  const language =
    before && isSame(before.language.untrusted, untrusted)
      ? before.language
      : { ...registry, agents, modes: modeNames(settings), untrusted, shell };
  languages.set(settings, { layers, language });
  return language;
};
