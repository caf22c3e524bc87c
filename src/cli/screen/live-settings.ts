import type { Env } from '../../daemon/config/config.ts';
import { openLiveConfig } from '../../daemon/config/live-config.ts';
import type { Paths } from '../../lib/paths.ts';
import type { Layer } from '../../state/setting-layers.ts';
import { type Settings, settingsSchema } from '../../state/settings.ts';

/** Where the files are that are followed. */
type LivePlaces = Pick<Paths, 'config' | 'configVersions'>;

type Listener = (keys: readonly string[]) => void;

/** The settings that a view goes by while it is open. */
export type LiveSettings = {
  /** The last ones that could be read; the defaults before there are any. */
  readonly settings: Settings;
  /** What they are made of, with what nobody has trusted; empty before there are any. */
  readonly layers: readonly Layer[];
  /** Calls the listener with the keys that are different now. Returns the way to stop. */
  onChange(listener: Listener): () => void;
  close(): void;
};

const NO_LAYERS: readonly Layer[] = [];

/** Follows the files of settings. Those that cannot be read are told by the daemon, which reads them as well. */
export const openLiveSettings = async (paths: LivePlaces, env: Env): Promise<LiveSettings> => {
  const stop = new AbortController();
  const listeners = new Set<Listener>();
  const config = await openLiveConfig(paths, env).catch(() => undefined);
  const defaults = settingsSchema.parse({});
  const changed = (keys: readonly string[]): void => {
    for (const listener of listeners) listener(keys);
  };
  const toldByDaemon = () => undefined;
  void config
    ?.follow({ changed, broken: toldByDaemon, withheld: toldByDaemon, outdated: toldByDaemon }, stop.signal)
    .catch(() => undefined);
  return {
    get settings() {
      return config?.settings ?? defaults;
    },
    get layers() {
      return config?.layers ?? NO_LAYERS;
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => stop.abort(),
  };
};
