import { oneLine, shorten, shownLine } from '../lib/text.ts';
import type { Asked, Signal } from './adapter.ts';
import { failureIn } from './failure.ts';
import { typedText } from './input-box.ts';
import { INSTEAD } from './refusal.ts';

const LINE = 200;
const SUMMARY = 2000;
const line = (words: string): string => shorten(oneLine(words), LINE);

/** A list with a chosen row, as it stands in Gemini CLI's dialogs alone. */
const CHOICE = /^\s*│\s+● \d+\. /mu;

/** Whether a dialog of Gemini CLI that waits for an answer stands on the screen. */
export const readGeminiAsking = (screen: string): boolean => CHOICE.test(screen);

/** Gemini CLI's tools, and the names that rules have for them. */
const TOOLS: Readonly<Record<string, string>> = {
  Shell: 'Bash',
  WriteFile: 'Write',
  ReadFile: 'Read',
  GoogleSearch: 'WebSearch',
};

/** The lines of the box inside of a dialog: what is really to be run or written. */
const insideOf = (dialog: string): readonly string[] =>
  [...dialog.matchAll(/^\s*│ │ (?<line>.*?)\s*│ │\s*$/gmu)].map(({ groups }) => groups!['line']!);

/**
 * What Gemini CLI wants to be allowed. The head of a command's dialog holds words of the model, which could be any: the
 * command itself stands in the box. Where a command of several lines was broken nobody knows.
 */
const askedIn = (tool: string, head: string, dialog: string): Asked => {
  const name = TOOLS[tool] ?? tool;
  const lines = insideOf(dialog);
  const isWhole = lines.length === 1 && !lines[0]!.includes('…');
  if (name === 'Bash') return { tool: name, subject: lines.join(' '), helper: null, whole: isWhole };
  const path = /^Writing to (?<path>[^…]+)$/u.exec(head)?.groups?.['path'];
  return { tool: name, subject: path ?? head, helper: null, whole: path !== undefined };
};

/** What a dialog asks: the tool that it names and what for, or the first line that ends like a question. */
const waitingIn = (screen: string): Signal => {
  const head = [...screen.matchAll(/^\s*│ \? {1,2}(?<tool>\S+) {2,}(?<what>\S.*?)\s*│\s*$/gmu)].at(-1);
  if (!head) {
    const words = /^\s*│\s*(?<words>\S.*\?)\s*│\s*$/mu.exec(screen)?.groups?.['words'];
    const question = line(words ?? 'It asks for a choice.');
    // Which account Gemini CLI uses is not for an answer from outside.
    return { kind: 'waiting', question, ...(/authenticate|log ?in|sign in/iu.test(question) ? { attach: true } : {}) };
  }
  const { tool, what } = head.groups as { tool: string; what: string };
  const asks = askedIn(tool, what, screen.slice(head.index));
  return {
    kind: 'waiting',
    question: shorten(shownLine(`May it use ${asks.tool}: ${asks.subject || what}?`), LINE),
    asks,
  };
};

type Box = { readonly start: number; readonly inside: readonly string[] };

/** The edges of Gemini CLI's input box, which it has only where there are colours enough. */
const EDGE = /^[▄▀]{10,}/u;
/** So many characters are in front of what is typed. */
const SIGN = 3;
const NO_FOOTER = /^\s*[╭│╰✦✕ℹ─]|\? for shortcuts|\(esc to cancel\b/u;

/** Gemini CLI's input box: the last line with its sign (`*` where it asks for nothing), with nothing but the footer below. */
const boxIn = (lines: readonly string[]): Box | undefined => {
  const start = lines.findLastIndex((text) => /^ [>!*] /u.test(text));
  if (start < 0 || lines.slice(start + 1).some((text) => NO_FOOTER.test(text))) return undefined;
  const length = lines.slice(start).findIndex((text) => text.trim() === '' || EDGE.test(text));
  return { start, inside: lines.slice(start, length < 0 ? undefined : start + length) };
};

/** What stands in Gemini CLI's input box; undefined when a dialog stands in its place. */
export const readGeminiBox = (screen: string): string | undefined => {
  const inside = boxIn(typedText(screen).split('\n'))?.inside;
  // A line below the first one may begin with such a sign by itself.
  const words = inside?.map((text, at) => (at === 0 ? text.slice(SIGN) : text).trim()).filter((text) => text !== '');
  return words?.join('\n').replace(/^Type your message or @path\/to\/file$/u, '');
};

/** How Gemini CLI's turn ended, by the last thing that it said above its box. */
const endOf = (said: readonly string[]): Signal | undefined => {
  const at = said.findLastIndex((text) => /^\s?(?:[✦✕╭╰]|ℹ Request cancelled)/u.test(text));
  if (at < 0) return undefined;
  const block = said.slice(at);
  const blank = block.findIndex((text) => text.trim() === '' || /^─{10,}/u.test(text));
  const words = block
    .slice(0, blank < 0 ? undefined : blank)
    .join(' ')
    .trim();
  if (words.startsWith('ℹ')) return { kind: 'failed', class: 'stopped', message: 'interrupted', ifAsking: INSTEAD };
  if (words.startsWith('✕')) {
    const message = /"message"\s*:\s*"(?<text>[^"]+)"/u.exec(words)?.groups?.['text'] ?? words.slice(1);
    return failureIn(words, message);
  }
  const summary = words.startsWith('✦') ? shorten(oneLine(words.slice(1)), SUMMARY) : '';
  return summary === '' ? { kind: 'finished' } : { kind: 'finished', summary };
};

/** What Gemini CLI does, by its screen: no hook of it can be set without writing into a person's own files. */
export const readGeminiScreen = (screen: string): Signal | undefined => {
  if (CHOICE.test(screen)) return waitingIn(screen);
  if (/\(esc to cancel\b/u.test(screen)) return { kind: 'working' };
  const lines = screen.split('\n');
  const box = boxIn(lines);
  if (!box) return undefined;
  return endOf(lines.slice(0, box.start)) ?? { kind: 'ready' };
};
