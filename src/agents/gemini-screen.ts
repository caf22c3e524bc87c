import { oneLine, shortened } from '../lib/text.ts';
import type { Signal } from './adapter.ts';
import { typedText } from './input-box.ts';
import { INSTEAD } from './refusal.ts';

const LINE = 200;
const SUMMARY = 2000;
const line = (words: string): string => shortened(oneLine(words), LINE);

/** A list with a chosen row stands in its dialogs alone. */
const CHOICE = /^\s*│\s+● \d+\. /mu;

/** What a dialog asks: the tool that it names, or the first line that ends like a question. */
const questionOf = (screen: string): string => {
  const asks = [...screen.matchAll(/^\s*│ \? {1,2}(?<what>\S.*?)\s*│\s*$/gmu)].at(-1)?.groups?.['what'];
  if (asks !== undefined) return line(`May it use ${asks.replace(/ {2,}/u, ': ')}?`);
  return line(/^\s*│\s*(?<words>\S.*\?)\s*│\s*$/mu.exec(screen)?.groups?.['words'] ?? 'It asks for a choice.');
};

type Box = { readonly start: number; readonly inside: readonly string[] };

/** Its edges, which it has only where there are colours enough. */
const EDGE = /^[▄▀]{10,}/u;
const NO_FOOTER = /^\s*[╭│╰✦✕ℹ─]|\? for shortcuts|\(esc to cancel\b/u;

/** Its input box: the last line with its sign, with nothing but the footer below. */
const boxIn = (lines: readonly string[]): Box | undefined => {
  const start = lines.findLastIndex((text) => /^ [>!] /u.test(text));
  if (start < 0 || lines.slice(start + 1).some((text) => NO_FOOTER.test(text))) return undefined;
  const length = lines.slice(start).findIndex((text) => text.trim() === '' || EDGE.test(text));
  return { start, inside: lines.slice(start, length < 0 ? undefined : start + length) };
};

/** What stands in its input box; undefined when a dialog stands in its place. */
export const readGeminiBox = (screen: string): string | undefined => {
  const inside = boxIn(typedText(screen).split('\n'))?.inside;
  const words = inside?.map((text) => text.replace(/^\s*[>!]\s/u, '').trim()).filter((text) => text !== '');
  return words?.join('\n').replace(/^Type your message or @path\/to\/file$/u, '');
};

/** How its turn ended, by the last thing that it said above its box. */
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
    return { kind: 'failed', class: 'agent', message: line(message) };
  }
  const summary = words.startsWith('✦') ? shortened(oneLine(words.slice(1)), SUMMARY) : '';
  return summary === '' ? { kind: 'finished' } : { kind: 'finished', summary };
};

/** All that is known of it: no hook of it can be set without writing into a person's own files. */
export const readGeminiScreen = (screen: string): Signal | undefined => {
  if (CHOICE.test(screen)) return { kind: 'waiting', question: questionOf(screen) };
  if (/\(esc to cancel\b/u.test(screen)) return { kind: 'working' };
  const lines = screen.split('\n');
  const box = boxIn(lines);
  if (!box) return undefined;
  return endOf(lines.slice(0, box.start)) ?? { kind: 'ready' };
};
