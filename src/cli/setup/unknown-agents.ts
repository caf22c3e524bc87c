import { adapterFor } from '../../agents/index.ts';
import type { Mistake } from '../../daemon/config/config.ts';
import { AppError } from '../../lib/errors.ts';
import { type Layer, originOf, settingAt, variableOf } from '../../state/setting-layers.ts';
import type { Settings } from '../../state/settings.ts';
import { withheldIn } from '../../state/trust.ts';
import { settingsOf, type SettingSources } from '../../text/setting-rows.ts';

/** The settings that name agents, with those that they name. */
const namedIn = ({ agent, modes }: Settings): readonly (readonly [string, string])[] => [
  ['agent', agent],
  ...Object.entries(modes).flatMap(([mode, { args = {} }]) =>
    Object.keys(args).map((name) => [`modes.${mode}.args.${name}`, name] as const),
  ),
];

const troubleWith = (agent: string, settings: Settings): AppError | undefined => {
  try {
    adapterFor(agent, settings);
    return undefined;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
};

const placeOf = (key: string, layers: readonly Layer[], files: SettingSources['files']): string => {
  const origin = originOf(key, layers);
  return origin === 'project' || origin === 'user' ? files[origin] : variableOf(key);
};

/** Agents that settings name and that cannot be started, as mistakes of what names them. One that waits for trust may be good. */
export const unknownAgents = ({ layers, files }: SettingSources): readonly Mistake[] => {
  const settings = settingsOf(layers);
  const asked = settingAt(withheldIn(layers)?.asked, 'agents') ?? {};
  return namedIn(settings).flatMap(([key, agent]): Mistake[] => {
    const trouble = Object.hasOwn(asked, agent) ? undefined : troubleWith(agent, settings);
    const file = placeOf(key, layers, files);
    return trouble ? [{ file, line: null, issue: `${key}: ${trouble.message}`, hint: trouble.hint }] : [];
  });
};
