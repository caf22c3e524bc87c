import type { Actor } from '../../commands/define.ts';
import { denied } from '../../protocol/errors.ts';
import type { RequestSettings } from '../../protocol/frame.ts';
import { type Layer, mergedLayers, settingAt, settingKeys, variableOf } from '../../state/setting-layers.ts';
import {
  checkForOneCommand,
  holdsForOneCommand,
  isGuarded,
  settingAlone,
  settingsInEnvironment,
  settingsInFlags,
} from '../../state/setting-values.ts';
import { type Settings, settingsSchema } from '../../state/settings.ts';
import { readEnvironment } from '../config/config.ts';
import { badConfiguration } from '../errors.ts';
import type { DaemonServices } from '../services.ts';

/** The settings in the environment of a client, as far as they can hold for one command and this actor. */
const clientEnvironment = (env: Readonly<Record<string, string>>, actor: Actor): Layer[] => {
  const values = settingsInEnvironment(env);
  return settingKeys()
    .filter(({ key }) => holdsForOneCommand(key) && (actor.role === 'admin' || !isGuarded(key)))
    .filter(({ key }) => settingAt(values, key) !== undefined)
    .map(({ key }) => {
      const [mistake] = readEnvironment({ [variableOf(key)]: env[variableOf(key)] }).mistakes;
      if (mistake) throw badConfiguration({ ...mistake });
      return { origin: 'env', values: settingAlone(key, settingAt(values, key)) };
    });
};

/** The settings as they hold for one request: its own options and environment over those of the daemon. */
export const settingsOf = (
  { config }: Pick<DaemonServices, 'config'>,
  asked: RequestSettings | undefined,
  actor: Actor,
): { settings: Settings; layers: readonly Layer[] } => {
  if (!asked || actor.role === 'agent') return { settings: config.settings, layers: config.layers };
  const { flags, env } = asked;
  checkForOneCommand(flags);
  const guarded = flags.find((pair) => isGuarded(pair.split('=', 1)[0]!));
  if (guarded !== undefined && actor.role !== 'admin')
    throw denied({ actor: actor.name, command: `-c ${guarded}`, needs: 'It takes the role admin.' });
  const layers: readonly Layer[] = [
    { origin: 'flag', values: settingsInFlags(flags) },
    ...config.layers,
    ...clientEnvironment(env, actor),
  ];
  const settings = settingsSchema.parse(mergedLayers(layers));
  // Whatever the files say by now: the agents are on the server that the daemon was started with.
  return { settings: { ...settings, tmux: config.settings.tmux }, layers };
};
