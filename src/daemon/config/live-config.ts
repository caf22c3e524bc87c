import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Context, Trust } from '../../commands/define.ts';
import { AppError, messageOf } from '../../lib/errors.ts';
import type { Paths } from '../../lib/paths.ts';
import { shorten, shownLine } from '../../lib/text.ts';
import { folderAlarm } from '../../logs/alarm.ts';
import { type Layer, mergedLayers, settingAt, settingKeys, type Withheld } from '../../state/setting-layers.ts';
import { type Settings, settingsSchema } from '../../state/settings.ts';
import { splitPowers, withheldIn } from '../../state/trust.ts';
import { settingText } from '../../text/setting-rows.ts';
import { badConfiguration } from '../errors.ts';
import { assertUserFile, type Env, type Mistake, readInspected, userFile } from './config.ts';
import { includedBeside } from './included-files.ts';
import { changeProject, trustProject } from './project-file.ts';
import { inspectVersion, restoreVersion, type VersionedFile } from './rollback.ts';
import { makeTextReader } from './text-reader.ts';
import { forgetTrust, trustText } from './trust-store.ts';
import { openVersions } from './versions.ts';

/** Who hears of changes of the settings. */
export type Listener = {
  /** The settings under these keys are different now. */
  changed(keys: readonly string[]): void;
  /** A file cannot be read as settings, and the last good settings hold; null when that is over. */
  broken(why: AppError | null): void;
  /** The repository's file asks for something that nobody has trusted, which does not hold; null when all of it does. */
  withheld(what: Withheld | null): void;
  /** What the settings have that a former version took and this one does not, so that defaults hold instead; empty when nothing is so. */
  outdated(found: readonly Mistake[]): void;
};

/** What somebody may do to the repository's file. */
type Changing = Pick<Context['configuration'], 'change'> & { readonly history: Context['settingHistory'] };

export type LiveConfig = {
  /** The last good settings. */
  readonly settings: Settings;
  readonly layers: readonly Layer[];
  readonly file: string;
  /** Why a file cannot be read as settings, in words; null when all can. */
  readonly trouble: string | null;
  /**
   * The repository's file as somebody may change it, who is named in its history. What they write holds when that resolves:
   * whoever writes it trusts it, and nothing that stands beside it.
   */
  changedBy(name: string): Changing;
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

/** Reads what the settings of a repository are made of, as one text. */
const makeTextsReader = (file: string, env: Env): (() => Promise<string>) => {
  const textOf = makeTextReader();
  return async () => {
    const files = await Promise.all([file, userFile(env)].map(textOf));
    return JSON.stringify([...files, includedBeside(file), trustText(file, env)]);
  };
};

/** Tells a follower of something whenever that is something else. */
const makeTeller = <T>(
  follower: () => Listener | undefined,
  tell: (listener: Listener, news: T) => void,
): ((news: T) => void) => {
  let told: string | undefined;
  return (news) => {
    const what = JSON.stringify(news);
    const listener = follower();
    if (!listener || what === told) return;
    told = what;
    tell(listener, news);
  };
};

/** Tells a follower of what of the settings does not hold. */
const makeTellers = (follower: () => Listener | undefined) => {
  const tellWithheld = makeTeller<Withheld | null>(follower, (listener, what) => listener.withheld(what));
  const tellOutdated = makeTeller<readonly Mistake[]>(follower, (listener, found) => listener.outdated(found));
  return (withheld: Withheld | null, outdated: readonly Mistake[]): void => {
    tellWithheld(withheld);
    tellOutdated(outdated);
  };
};

/** What is done to one key, in words. */
const changeText = (key: string, value: unknown): string =>
  value === undefined ? `took out ${key}` : `set ${key} to ${shorten(shownLine(settingText(value)), 80)}`;

/** One after the other: each edit goes by what the one before it has written. */
const makeTurns = (): Turn => {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
};

type Turns = { readonly inTurn: Turn; readonly thenRead: Turn };
type Turn = <T>(work: () => Promise<T>) => Promise<T>;

/** The changes of the repository's file, each with a version that names who made it. */
const makeChanging = (place: VersionedFile, { inTurn, thenRead }: Turns): LiveConfig['changedBy'] => {
  /** Writes only what holds then. */
  const write = (work: () => Promise<boolean>): Promise<boolean> =>
    thenRead(async () => {
      await assertUserFile(place.env);
      return work();
    });
  return (by) => ({
    change: (key, value) =>
      write(() =>
        place.versions.keep({ by, change: changeText(key, value) }, () =>
          changeProject(place.file, place.env, { key, value }),
        ),
      ),
    history: {
      list: () => inTurn(place.versions.list),
      inspect: (version) => inTurn(() => inspectVersion(place, version)),
      restore: (version, hash) => write(() => restoreVersion(place, { version, hash, by })),
    },
  });
};

/** Whatever a file may do to its reader is a fault of the file: it is followed on until it is corrected. */
const asBroken = (thrown: unknown, file: string): AppError => {
  if (thrown instanceof AppError) return thrown;
  const issue = `cannot be taken over (${messageOf(thrown)})`;
  return badConfiguration({ file, line: null, issue, hint: 'Correct it, or remove it for the defaults.' }, thrown);
};

/**
 * Opens the settings of a running daemon, which follow the files. Only the tmux server stays the same, because the agents
 * are on it.
 */
export const openLiveConfig = async (
  { config: file, configVersions }: Pick<Paths, 'config' | 'configVersions'>,
  env: Env,
): Promise<LiveConfig> => {
  const versions = openVersions(configVersions, file, () => new Date().toISOString());
  let { layers } = await readInspected(file, env);
  let settings = settingsSchema.parse(mergedLayers(layers));
  const { socket } = settings.tmux;
  let follower: Listener | undefined;
  let trouble: string | undefined;
  const tell = makeTellers(() => follower);

  const read = async (): Promise<void> => {
    const { layers: next, outdated } = await readInspected(file, env);
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
    tell(withheldIn(layers) ?? null, outdated);
  };
  let seen: string | undefined;
  const textsOf = makeTextsReader(file, env);
  const look = async (): Promise<void> => {
    try {
      const texts = await textsOf();
      if (texts === seen) return;
      seen = texts;
      await read().catch(async () => {
        seen = undefined;
        await pause(SETTLE_MS, undefined, { ref: false });
        await read();
      });
    } catch (thrown) {
      const error = asBroken(thrown, file);
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
    changedBy: makeChanging({ file, env, versions }, { inTurn, thenRead }),
    trust: {
      powers: () => splitPowers(layers.find(({ origin }) => origin === 'project')?.values).powers,
      review: () => thenRead(() => undefined).then(() => withheldIn(layers)),
      accept: (hash) => thenRead(() => trustProject(file, env, hash)),
      revoke: () => thenRead(() => forgetTrust(file, env)),
    },
    follow: async (listener, signal) => {
      follower = listener;
      const alarm = folderAlarm(dirname(file), { pollMs: LOOK_MS, signal });
      while (!signal.aborted) {
        await inTurn(look);
        await alarm();
      }
      follower = undefined;
    },
  };
};
