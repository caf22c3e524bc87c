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

/** Who hears of changes of the settings. */
export type Listener = {
  /** The settings under these keys are different now. */
  changed(keys: readonly string[]): void;
  /** A file cannot be read as settings, and the last good settings hold; null when that is over. */
  broken(why: AppError | null): void;
};

export type LiveConfig = {
  /** The last good settings. */
  readonly settings: Settings;
  readonly layers: readonly Layer[];
  readonly file: string;
  /** Why a file cannot be read as settings, in words; null when all can. */
  readonly trouble: string | null;
  /** Writes one key of the repository's file, or takes it out; whether that changed the file. It holds when that resolves. */
  change(key: string, value: unknown): Promise<boolean>;
  /** Follows what people write into the files, until the signal aborts. */
  follow(listener: Listener, signal: AbortSignal): Promise<void>;
};

const refuseMistakes = (file: string, text: string): void => {
  const [mistake] = readSettingsText(file, text).mistakes;
  if (mistake) throw badConfiguration({ ...mistake });
};

/** Writes a file of settings where it really lies, with the rights it had. */
const writeSettings = async (file: string, text: string): Promise<void> => {
  await mkdir(dirname(file), { recursive: true });
  const real = await realpath(file).catch(() => file);
  const { mode } = await stat(real).catch(() => ({ mode: 0o644 }));
  await replaceFile(real, text);
  await chmod(real, mode & 0o777);
};

/** Some editors write a file in steps: a file that is broken for so many milliseconds is broken. */
const SETTLE_MS = 300;
/** How often the files are looked at although the system reported nothing, in milliseconds. */
const LOOK_MS = 2000;

const changedKeys = (a: Settings, b: Settings): string[] =>
  settingKeys()
    .map(({ key }) => key)
    .filter((key) => JSON.stringify(settingAt(a, key)) !== JSON.stringify(settingAt(b, key)));

/**
 * Opens the settings of a running daemon, which follow the files. Only the tmux server stays the same, because the agents
 * are on it.
 */
export const openLiveConfig = async (file: string, env: Env): Promise<LiveConfig> => {
  let layers = await readLayers(file, env);
  let settings = settingsSchema.parse(mergedLayers(layers));
  const { socket } = settings.tmux;
  let follower: Listener | undefined;
  let trouble: string | undefined;

  const read = async (): Promise<void> => {
    const next = await readLayers(file, env);
    const now = settingsSchema.parse(mergedLayers(next));
    if (socket === undefined) delete now.tmux.socket;
    else now.tmux.socket = socket;
    const keys = changedKeys(settings, now);
    layers = next;
    // The same settings stay the same object, so that what was made from them stays good.
    if (keys.length > 0) settings = now;
    if (trouble !== undefined) follower?.broken(null);
    trouble = undefined;
    if (keys.length > 0) follower?.changed(keys);
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
      if (error.message !== trouble) follower?.broken(error);
      trouble = error.message;
    }
  };

  // One after the other: each edit goes by what the one before it has written.
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
    get trouble() {
      return trouble ?? null;
    },
    change: (key, value) =>
      inTurn(async () => {
        const before = (await settingsTextOf(file)) ?? '';
        if (before.trim() !== '') refuseMistakes(file, before);
        const text = before.trim() === '' ? '{}\n' : before;
        const after = editedSettings(text, key.split('.'), value);
        refuseMistakes(file, after);
        if (after === text) return false;
        await writeSettings(file, after);
        await read();
        return true;
      }),
    follow: async (listener, signal) => {
      follower = listener;
      const alarm = folderAlarm(dirname(file), LOOK_MS, signal);
      while (!signal.aborted) {
        await inTurn(look);
        await alarm();
      }
      follower = undefined;
    },
  };
};
