import { oneLine } from '../lib/text.ts';
import type { Reply, Signal } from './adapter.ts';
import { noSuchChoice } from './errors.ts';

/** Claude Code's dialogs that can stand before the first prompt, by words of theirs; no hook tells of them. */
const DIALOGS: readonly (readonly [words: RegExp, question: string, attach?: 'attach'])[] = [
  [/Is this a project you created or one you trust\?/u, 'It asks whether you trust this folder.'],
  [/Do you want to use this API key\?/u, 'It asks whether to use the API key of its environment.'],
  [/running in Bypass Permissions mode/u, 'It asks whether you accept its mode without permissions.'],
  [/Choose the text style/u, 'It asks for the colours of its first start.', 'attach'],
  [/Select login method:/u, 'It needs login.', 'attach'],
  [/Paste code here if prompted/u, 'It needs login: it waits for the code from the browser.', 'attach'],
];

const NEEDS_LOGIN = 'It needs login: attach to it and say /login.';

/** The marked choice of a list, and the lines beside it that are choices as well. */
const choicesIn = (screen: string): string => {
  const lines = screen.split('\n');
  const marked = lines.findIndex((line) => /^\s*❯ \S/u.test(line));
  if (marked < 0) return '';
  const column = lines[marked]!.indexOf('❯') + 2;
  const isChoice = (line: string | undefined): boolean =>
    line !== undefined && line.slice(0, column).trim() === '' && /^\S|^ {1,2}\S/u.test(line.slice(column));
  let [from, to] = [marked, marked];
  while (isChoice(lines[from - 1])) from -= 1;
  while (isChoice(lines[to + 1])) to += 1;
  return lines
    .slice(from, to + 1)
    .map((line) => oneLine(line).trim())
    .join(' / ');
};

/** A question with the choices of its dialog, of which one is marked. */
const withChoices = (question: string, screen: string): string => {
  const choices = choicesIn(screen);
  return choices === '' ? question : `${question} Choices: ${choices}`;
};

/** The last lines of a screen, where the program itself speaks, without blank ones. */
const lastLines = (screen: string, count: number): string =>
  screen
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-count)
    .join('\n');

/** A rule, the prompt sign, and the rule below; what was said before stands behind the sign without a rule above. */
const BOX = /^─{10,}[^\n]*\n\s*❯[^\n]*\n(?:[^\n]*\n)*?─{10,}/mu;

/** What keeps Claude Code from taking a prompt; undefined when nothing of that is seen. */
export const readDialog = (screen: string): Signal | undefined => {
  const found = DIALOGS.find(([words]) => words.test(screen));
  if (found && !BOX.test(`${screen}\n`)) {
    const question = withChoices(found[1], screen);
    return found[2] ? { kind: 'waiting', question, attach: true } : { kind: 'waiting', question };
  }
  if (/Not logged in · (?:Please )?run \/login/iu.test(lastLines(screen, 3)))
    return { kind: 'waiting', question: NEEDS_LOGIN, attach: true };
  return undefined;
};

/** Whether a dialog with a list stands where Claude Code's input box is else. */
export const readAsking = (screen: string): boolean =>
  /^\s*❯ (?:\d+\. )?\S/mu.test(screen) && /Esc to cancel/u.test(lastLines(screen, 4)) && !BOX.test(`${screen}\n`);

/** What Claude Code does after a dialog, by what stands around its input box: interrupted above, or to be interrupted below. */
export const readAnswered = (screen: string): 'works' | 'rests' | undefined => {
  if (!BOX.test(`${screen}\n`)) return undefined;
  if (/^\s*⎿\s+Interrupted · [^\n]*\n\s*─{10,}\n\s*❯/mu.test(lastLines(screen, 12))) return 'rests';
  return /· esc to interrupt\b/u.test(lastLines(screen, 3)) ? 'works' : undefined;
};

/** Claude Code's banner while it calls its model again: the status and what it said, then when and how often. */
export const readRetry = (screen: string): string | undefined => {
  const banner = /^\s*[^\w\s]\s+(?<words>.*retrying in \d+\w* · attempt \d+\/\d+.*)$/mu.exec(lastLines(screen, 12))
    ?.groups?.['words'];
  return banner === undefined
    ? undefined
    : oneLine(banner)
        .replace(/ · retrying in \d+\w*/u, '')
        .trim();
};

/** Whether Claude Code says that it goes on by itself when its limit ends. */
export const readGoesOn = (screen: string): boolean =>
  /continuing (?:automatically|shortly)/iu.test(lastLines(screen, 10));

/**
 * The keys that choose in a dialog of Claude Code's start. Enter alone would take the marked choice, which often is to
 * leave, so arrows that lead to what is meant come before it. Undefined when the question is no such dialog.
 */
export const chooseKeys = (question: string, meaning: 'yes' | 'no' | undefined, answer: string): Reply | undefined => {
  const list = / Choices: (?<list>.+)$/u.exec(question)?.groups?.['list'];
  // Others put words of the agent into their questions, which could look like this.
  if (list === undefined || !DIALOGS.some(([, begin]) => question.startsWith(begin))) return undefined;
  const choices = list.split(' / ');
  const marked = choices.findIndex((choice) => choice.startsWith('❯'));
  const words = choices.map((choice) => choice.replace(/^❯ ?/u, '').replace(/^(?:✔ )?(?:\d+\. )?/u, ''));
  const wanted = /^\d$/u.test(answer.trim())
    ? Number(answer.trim()) - 1
    : words.findIndex((choice) => choice.toLowerCase().startsWith(meaning ?? answer.trim().toLowerCase()));
  if (wanted < 0 && meaning === 'no') return { keys: ['Escape'] };
  if (wanted < 0 || wanted >= choices.length) throw noSuchChoice({ answer, choices: words });
  const steps = wanted - marked;
  return { keys: [...Array.from({ length: Math.abs(steps) }, () => (steps < 0 ? 'Up' : 'Down')), 'Enter'] };
};
