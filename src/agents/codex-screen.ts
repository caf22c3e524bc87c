import { oneLine, shorten } from '../lib/text.ts';
import type { Request } from '../state/instances.ts';
import type { Signal } from './adapter.ts';
import { failureIn } from './failure.ts';
import { typedText } from './input-box.ts';

const LINE = 200;
const line = (words: string): string => shorten(oneLine(words), LINE);

/** How the questions begin that Codex asks before its first turn: the words of its own dialogs. */
export const TRUST_QUESTION = 'Trust this folder?';
export const HOOKS_QUESTION = 'Hooks need review.';

type Dialog = {
  readonly sign: RegExp;
  readonly question: (found: RegExpExecArray) => string;
  /** Whether only a person in its terminal may answer: the choice is theirs. */
  readonly attach?: boolean;
};

/** The dialogs in which Codex stands before its first turn, when no hook of it runs yet. */
const DIALOGS: readonly Dialog[] = [
  {
    sign: /^\s*Folder access\n\s*(?<here>\/.*)\n(?:[\s\S]*?repository root:\n\s*(?<root>\/.*))?[\s\S]*Trust this folder\?/mu,
    question: ({ groups }) => `${TRUST_QUESTION} ${groups?.['root'] ?? groups?.['here'] ?? ''}`,
  },
  {
    sign: /^\s*Hooks need review\n\s*(?<which>.*)$/mu,
    question: ({ groups }) => `${HOOKS_QUESTION} ${groups?.['which'] ?? ''} Trust them all?`,
  },
  {
    sign: /^[\s>›]*1\. Sign in with ChatGPT/mu,
    question: () => 'Nobody is logged in: attach to it, or stop it and run "codex login".',
    attach: true,
  },
];

/** The line at which Codex's input box begins; a list with a chosen row is none. */
const composerAt = (lines: readonly string[]): number => {
  const at = lines.findLastIndex((text) => text.startsWith('›'));
  return at >= 0 && /^› \d+\. /u.test(lines[at]!) ? -1 : at;
};

/** Whether a list with a chosen row stands where Codex's input box is else. */
export const readCodexAsking = (screen: string): boolean => {
  const last = screen.split('\n').findLast((text) => text.startsWith('›'));
  return last !== undefined && /^› \d+\. /u.test(last);
};

/** So much of a command tells it from another one, in characters; of a long one the dialog may leave out the rest. */
const TELLING = 40;

/** Words without what a terminal or a shell may write in another way: breaks, quotes, frames. */
const bare = (text: string): string => text.replace(/[^\p{L}\p{N}_./=-]/gu, '');

/** Whether Codex's dialog about a command shows this one, however it is broken into lines. */
export const showsCodexRequest = (screen: string, { tool, subject }: Request): boolean | undefined => {
  const head = screen.lastIndexOf('Would you like to run the following command?');
  if (head < 0 || tool !== 'Bash' || !readCodexAsking(screen)) return undefined;
  const shown = /^\s*\$ (?<command>[\s\S]*?)\n\s*\n/mu.exec(screen.slice(head))?.groups?.['command'];
  return shown === undefined ? undefined : bare(shown).startsWith(bare(subject).slice(0, TELLING));
};

/** What stands in Codex's input box, which ends at an empty line; undefined when a dialog stands there. */
export const readCodexBox = (screen: string): string | undefined => {
  const lines = typedText(screen).split('\n');
  const from = composerAt(lines);
  if (from < 0) return undefined;
  const to = lines.findIndex((text, at) => at > from && text.trim() === '');
  const inside = lines.slice(from, to < 0 ? undefined : to).map((text) => text.replace(/^›/u, '').trim());
  return inside.filter((text) => text !== '').join('\n');
};

/** The words of an error, when that is the last thing that Codex said above its input box. */
const errorAbove = (lines: readonly string[], composer: number): string | undefined => {
  const end = lines.findLastIndex((text, at) => at < composer && text.trim() !== '');
  const start = lines.findLastIndex((text, at) => at <= end && text.trim() === '') + 1;
  const said = lines.slice(start, end + 1).join(' ');
  return said.startsWith('■ ') && !said.startsWith('■ Conversation interrupted') ? said.slice(2) : undefined;
};

/** The words that a person can read in an answer of the service. */
const readableWords = (said: string): string =>
  /"message"\s*:\s*"(?<text>[^"]+)"/u.exec(said)?.groups?.['text'] ?? said;

/**
 * What its hooks do not tell: that it has started and takes prompts (its first hook comes with the first of them), the
 * dialogs before that, and that its service refused to answer.
 */
export const readCodexScreen = (screen: string): Signal | undefined => {
  for (const { sign, question, attach } of DIALOGS) {
    const found = sign.exec(screen);
    if (found) return { kind: 'waiting', question: line(question(found)), ...(attach ? { attach } : {}) };
  }
  const lines = screen.trimEnd().split('\n');
  const composer = composerAt(lines);
  if (composer < 0) return undefined;
  const error = errorAbove(lines, composer);
  if (error === undefined) return { kind: 'ready' };
  return failureIn(error, readableWords(error));
};
