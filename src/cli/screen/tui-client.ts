import { appendFile, readFile } from 'node:fs/promises';
import { type MaySay, mayAll } from '../../attention/attention.ts';
import type { Surroundings } from '../../attention/step.ts';
import type { CommandLanguage, Standing } from '../../commands/define.ts';
import { maySay } from '../../commands/dispatch.ts';
import type { SwarmClient } from '../../ports/swarm.ts';
import type { Identity } from '../../protocol/frame.ts';
import { onlyLooks } from '../../protocol/permission.ts';
import type { State } from '../../state/index.ts';
import type { Candidate, Hint } from '../../ports/hint.ts';
import { candidatesFor } from '../../tui/prompt/prompt-candidates.ts';
import { forecast } from '../../tui/prompt/prompt-forecast.ts';

const KEPT_HISTORY = 500;
/** The character that stands in the history file for a line's end within a command; no command may have it. */
const LINE_END = '\u2028';

/** The swarm as it is, the language that it is spoken to in, who speaks, and what lies around: what a text would do hangs on these. */
type Understanding = {
  readonly state: State;
  readonly language: CommandLanguage;
  readonly reader: Identity | undefined;
  readonly surroundings: Surroundings | null;
};

/** A swarm of which it may be known who looks at it. */
type Seen = SwarmClient & { readonly identity?: Identity | undefined };

/** Asks once for each text as long as these are the same: the screen is drawn more often than they change. */
const cacheByState = <T>(
  client: Seen,
  language: () => CommandLanguage,
  find: (text: string, by: Understanding) => T,
  surroundings: () => Surroundings | null = () => null,
): ((text: string) => T) => {
  let known = new Map<string, T>();
  let by: Understanding | undefined;
  return (text) => {
    const now: Understanding = {
      ...{ state: client.state, language: language(), reader: client.identity, surroundings: surroundings() },
    };
    const isSame = Object.entries(now).every(([part, one]) => by?.[part as keyof Understanding] === one);
    if (!isSame || known.size > KEPT_HISTORY) known = new Map();
    by = now;
    const found = known.get(text) ?? find(text, now);
    known.set(text, found);
    return found;
  };
};

/** Makes a function that completes the last word of a text, by the swarm as it is. */
export const completer = (
  client: SwarmClient,
  language: () => CommandLanguage,
  surroundings: () => Surroundings | null = () => null,
): ((text: string) => readonly Candidate[]) => cacheByState(client, language, candidatesFor, surroundings);

/** Makes a function that says what a command would do, by the swarm as it is. */
export const forecaster = (
  client: Seen,
  language: () => CommandLanguage,
  here: Pick<Standing, 'settings' | 'workers'>,
): ((text: string) => Hint) =>
  // Other settings are another language.
  cacheByState(client, language, (text, by) =>
    forecast(text, { ...here, state: by.state, settings: here.settings, reader: by.reader }, by.language),
  );

/** Makes a function that gives whether whoever sits here may say a line: any, as long as nobody knows who it is. */
export const reader = (client: Seen, language: () => CommandLanguage): (() => MaySay) => {
  let known: { readonly actor: Identity; readonly language: CommandLanguage; readonly maySay: MaySay } | undefined;
  return () => {
    const { identity: actor } = client;
    if (!actor) return mayAll;
    const now = language();
    if (known?.actor === actor && known.language === now) return known.maySay;
    const lines = new Map<string, boolean>();
    const ask: MaySay = (line) => {
      if (lines.size > KEPT_HISTORY) lines.clear();
      const may = lines.get(line) ?? maySay({ actor, language: now }, line);
      lines.set(line, may);
      return may;
    };
    known = { actor, language: now, maySay: ask };
    return ask;
  };
};

/** What the screen asks about whoever sits here: what they may say, and why they may only look where that is so. */
export const readerAt = (client: Seen, language: () => CommandLanguage) => ({
  maySay: reader(client, language),
  onlyLooks: (): string | undefined => client.identity && onlyLooks(client.identity),
});

/**
 * Makes a function that adds a command to the history file, as a line. A file that cannot be written is no reason to
 * stop.
 */
export const historyWriter =
  (file: string) =>
  (text: string): void =>
    void appendFile(file, `${text.replaceAll('\n', LINE_END)}\n`, { mode: 0o600 }).catch(() => undefined);

/** The latest commands of the history file, the oldest first; none where there is no file. */
export const readHistory = async (file: string): Promise<readonly string[]> =>
  (await readFile(file, 'utf8').catch(() => ''))
    .split('\n')
    .filter((line, i, all) => line !== '' && line !== all[i - 1])
    .slice(-KEPT_HISTORY)
    .map((line) => line.replaceAll(LINE_END, '\n'));

/** The environment as programs take it. */
export const stringEnv = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined));
