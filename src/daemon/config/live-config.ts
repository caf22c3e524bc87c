import { chmod, mkdir, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../../lib/errors.ts';
import { folderAlarm } from '../../logs/alarm.ts';
import { type Layer, mergedLayers, settingAt, settingKeys } from '../../state/setting-layers.ts';
import { type Settings, settingsSchema } from '../../state/settings.ts';
import { replaceFile } from '../../state/store/disk.ts';
import { badConfiguration } from '../errors.ts';
import { type Env, readLayers, readSettingsText, settingsTextOf, userFile } from './config.ts';
import { editedSettings } from './edit-settings.ts';

/** What the daemon hears of its settings. */
export type Listener = {
  /** They are different now; the keys that are. */
  changed(keys: readonly string[]): void;
  /** A file cannot be read as settings, and the last good ones hold; null when that is over. */
  broken(why: AppError | null): void;
};

export type LiveConfig = {
  /** The last good ones. */
  readonly settings: Settings;
  readonly layers: readonly Layer[];
  readonly file: string;
  /** Writes one key of the repository's file, or takes it out; whether that changed the file. It holds when this resolves. */
  change(key: string, value: unknown): Promise<boolean>;
  /** Follows what people write into the files, until the signal aborts. */
  follow(heard: Listener, signal: AbortSignal): Promise<void>;
};

const refuseMistakes = (file: string, text: string): void => {
  const [mistake] = readSettingsText(file, text).mistakes;
  if (mistake) throw badConfiguration({ ...mistake });
};

/** Writes the file where it really lies, with the rights it had. */
const write = async (file: string, text: string): Promise<void> => {
  await mkdir(dirname(file), { recursive: true });
  const real = await realpath(file).catch(() => file);
  const { mode } = await stat(real).catch(() => ({ mode: 0o644 }));
  await replaceFile(real, text);
  await chmod(real, mode & 0o777);
};

/** A file is written in steps by some editors: what is broken for so long is broken. */
const SETTLE_MS = 300;
/** How often the files are looked at although the system reported nothing. */
const LOOK_MS = 2000;

const differing = (a: Settings, b: Settings): string[] =>
  settingKeys()
    .map(({ key }) => key)
    .filter((key) => JSON.stringify(settingAt(a, key)) !== JSON.stringify(settingAt(b, key)));

/**
 * The settings of a running daemon: they follow the files. The tmux server is the one thing that stays, because the
 * agents are on it.
 */
export const openLiveConfig = async (file: string, env: Env): Promise<LiveConfig> => {
  let layers = await readLayers(file, env);
  let settings = settingsSchema.parse(mergedLayers(layers));
  const { socket } = settings.tmux;
  let hear: Listener | undefined;
  let trouble: string | undefined;

  const read = async (): Promise<void> => {
    const next = await readLayers(file, env);
    const now = settingsSchema.parse(mergedLayers(next));
    if (socket === undefined) delete now.tmux.socket;
    else now.tmux.socket = socket;
    const keys = differing(settings, now);
    layers = next;
    // The same settings stay the same object: what was made from them stays good.
    if (keys.length > 0) settings = now;
    if (trouble !== undefined) hear?.broken(null);
    trouble = undefined;
    if (keys.length > 0) hear?.changed(keys);
  };
  let seen: string | undefined;
  const look = async (): Promise<void> => {
    try {
      const texts = JSON.stringify(await Promise.all([file, userFile(env)].map(settingsTextOf)));
      if (texts === seen) return;
      seen = texts;
      await read().catch(async () => {
        seen = undefined;
        await pause(SETTLE_MS, undefined, { ref: false });
        await read();
      });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (error.message !== trouble) hear?.broken(error);
      trouble = error.message;
    }
  };

  // One after the other: each edits what the one before it has written.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
  return {
    file,
    get settings() {
      return settings;
    },
    get layers() {
      return layers;
    },
    change: (key, value) =>
      inTurn(async () => {
        const before = (await settingsTextOf(file)) ?? '';
        if (before.trim() !== '') refuseMistakes(file, before);
        const text = before.trim() === '' ? '{}\n' : before;
        const after = editedSettings(text, key.split('.'), value);
        refuseMistakes(file, after);
        if (after === text) return false;
        await write(file, after);
        await read();
        return true;
      }),
    follow: async (heard, signal) => {
      hear = heard;
      const alarm = folderAlarm(dirname(file), LOOK_MS, signal);
      while (!signal.aborted) {
        await inTurn(look);
        await alarm();
      }
      hear = undefined;
    },
  };
};
