import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Trust } from '../../commands/define.ts';
import { AppError } from '../../lib/errors.ts';
import { folderAlarm } from '../../logs/alarm.ts';
import { type Layer, mergedLayers, settingAt, settingKeys, type Withheld } from '../../state/setting-layers.ts';
import { type Settings, settingsSchema } from '../../state/settings.ts';
import { splitPowers, withheldIn } from '../../state/trust.ts';
import { type Env, readLayers, settingsTextOf, userFile } from './config.ts';
import { changeProject, trustProject } from './project-file.ts';
import { forgetTrust, trustText } from './trust-store.ts';

/** Who hears of changes of the settings. */
export type Listener = {
  /** The settings under these keys are different now. */
  changed(keys: readonly string[]): void;
  /** A file cannot be read as settings, and the last good settings hold; null when that is over. */
  broken(why: AppError | null): void;
  /** The repository's file asks for something that nobody has trusted, which does not hold; null when all of it does. */
  withheld(what: Withheld | null): void;
};

export type LiveConfig = {
  /** The last good settings. */
  readonly settings: Settings;
  readonly layers: readonly Layer[];
  readonly file: string;
  /** Why a file cannot be read as settings, in words; null when all can. */
  readonly trouble: string | null;
  /**
   * Writes one key of the repository's file, or takes it out; whether that changed the file. It holds when that resolves:
   * whoever writes it trusts it, and nothing that stands beside it.
   */
  change(key: string, value: unknown): Promise<boolean>;
  readonly trust: Trust;
  /** Follows what people write into the files, until the signal aborts. */
  follow(listener: Listener, signal: AbortSignal): Promise<void>;
};

/** Some editors write a file in steps: a file that is broken for so many milliseconds is broken. */
const SETTLE_MS = 300;
/** How often the files are looked at although the system reported nothing, in milliseconds. */
const LOOK_MS = 2000;

const changedKeys = (a: Settings, b: Settings): string[] =>
  settingKeys()
    .map(({ key }) => key)
    .filter((key) => JSON.stringify(settingAt(a, key)) !== JSON.stringify(settingAt(b, key)));

/** Tells a follower what is withheld whenever that is something else. */
const withheldTeller = (follower: () => Listener | undefined): ((withheld: Withheld | null) => void) => {
  let told: string | undefined;
  return (withheld) => {
    const what = JSON.stringify(withheld);
    const listener = follower();
    if (!listener || what === told) return;
    told = what;
    listener.withheld(withheld);
  };
};

/** One after the other: each edit goes by what the one before it has written. */
const makeTurns = (): (<T>(work: () => Promise<T>) => Promise<T>) => {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
};

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
  const teller = withheldTeller(() => follower);

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
    teller(withheldIn(layers) ?? null);
  };
  let seen: string | undefined;
  const look = async (): Promise<void> => {
    try {
      const files = await Promise.all([file, userFile(env)].map(settingsTextOf));
      const texts = JSON.stringify([...files, trustText(file, env)]);
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

  const inTurn = makeTurns();
  /** Does something about the files, and takes over what they say then. */
  const thenRead = <T>(work: () => Promise<T> | T): Promise<T> =>
    inTurn(async () => {
      const done = await work();
      await read();
      return done;
    });
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
    change: (key, value) => thenRead(() => changeProject(file, env, { key, value })),
    trust: {
      powers: () => splitPowers(layers.find(({ origin }) => origin === 'project')?.values).powers,
      review: () => thenRead(() => undefined).then(() => withheldIn(layers)),
      accept: (hash) => thenRead(() => trustProject(file, env, hash)),
      revoke: () => thenRead(() => forgetTrust(file, env)),
    },
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
