import { oneLine } from '../lib/text.ts';
import type { Signal } from './adapter.ts';
import { typedText } from './input-box.ts';
import { dialogOn, toolIn } from './kiro-dialog.ts';
import { kiroFailureOn, needsLogin } from './kiro-failure.ts';
import { toolNamed } from './kiro-tools.ts';
import { screenReader } from './screen-patterns.ts';

/** The words of an empty box, in all spellings that were told of: with a comma, and with the sign of Enter behind. */
const PLACEHOLDER = /ask a question,? or describe a task/iu;
/** What stands in the place of the box's words while Kiro works; its verbs are the person's to choose. */
const WORKING =
  /type to steer|esc to (?:interrupt|cancel)|Kiro is working|[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] \S|Thinking\.\.\.|Creating summary\.\.\./iu;
/** What is typed then is lost. */
const BOOTING = /type to queue a message|mcp servers initialized/iu;
/** The agent, its model and how full its context is, below the box. */
const STATUS = /^\s*\S.* · .*◔ ?\d+ ?%/u;
const RULE = /^\s*[─━]{10,}/u;
const SIGN = /^\s*[›❯>](?:\s|$)/u;

/** How many of the last lines are Kiro's own, and not what was said. */
const OWN_LINES = 8;

const lastLines = (screen: string, count: number): readonly string[] =>
  screen
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-count);

const readPatterns = screenReader({
  question: /^.*Allow this action\?.*$/mu,
  working: WORKING,
  idle: /^\s*▸ Credits: [\d.]+/mu,
  // Kiro's full screen, and the prompt of its plain one with nothing behind it.
  ready: /ask a question,? or describe a task|^(?:\[[^\]\n]+\] )?(?:\d+% )?(?:↯ )?(?:!?>|[!λ]) ?$(?!\s*\S)/imu,
});

const asked = (screen: string): Signal | undefined => {
  const dialog = dialogOn(screen);
  if (!dialog) return undefined;
  const { about, rows, title } = dialog;
  const choices = rows.join(' / ');
  if (about === 'trust')
    return { kind: 'waiting', question: `It asks whether you accept its mode that trusts all tools. (${choices})` };
  if (about === 'question') return { kind: 'waiting', question: `${title} (${choices})` };
  const tool = toolIn(dialog);
  // A dialog names the tool, and not for sure what it is used on: only rules for the whole tool hold.
  const asks = tool && { asks: { tool: toolNamed(tool), subject: '', helper: null, whole: false } };
  return { kind: 'waiting', question: title, ...(asks || {}) };
};

/** What Kiro does, by its screen: for versions that keep no record, and where the record is lost. */
export const readScreen = (screen: string): Signal | undefined => {
  const own = lastLines(screen, OWN_LINES);
  if (own.some((line) => BOOTING.test(line))) return asked(screen);
  return asked(screen) ?? (own.some((line) => WORKING.test(line)) ? { kind: 'working' } : readEnd(screen, own));
};

const readEnd = (screen: string, own: readonly string[]): Signal | undefined => {
  const signal = readPatterns(screen);
  return signal?.kind === 'waiting' ? signal : (kiroFailureOn(own) ?? signal);
};

/** What keeps Kiro from taking a prompt: the question whether all tools are to be trusted, or that nobody is logged in. */
export const readDialog = (screen: string): Signal | undefined => {
  if (dialogOn(screen)?.about === 'trust') return asked(screen);
  const isBoxThere = readBox(screen) !== undefined;
  return !isBoxThere && needsLogin(lastLines(screen, OWN_LINES))
    ? { kind: 'waiting', question: 'It needs login: say kiro-cli login in a terminal, then restart it.', attach: true }
    : undefined;
};

/** The lines of the box: between two rules, or from its sign to the status below. */
const boxLines = (lines: readonly string[]): readonly string[] | undefined => {
  const status = lines.findLastIndex((line) => STATUS.test(line));
  const rules = lines.flatMap((line, at) => (RULE.test(line) ? [at] : []));
  const [above, below] = rules.slice(-2);
  if (above !== undefined && below !== undefined && below - above > 1) return lines.slice(above + 1, below);
  const sign = lines.findLastIndex((line, at) => SIGN.test(line) && (status < 0 || at < status));
  if (sign >= 0 && status > sign) return lines.slice(sign, status).filter((line) => !RULE.test(line));
  const words = lines.findLastIndex((line) => PLACEHOLDER.test(line));
  return words < 0 ? undefined : [lines[words]!];
};

/** What was typed into Kiro's box: empty while its own words stand there, undefined when none is seen. */
export const readBox = (screen: string): string | undefined => {
  const lines = lastLines(typedText(screen), OWN_LINES);
  if (lines.some((line) => BOOTING.test(line)) || dialogOn(screen)) return undefined;
  const inside = boxLines(lines);
  if (!inside) return undefined;
  const typed = inside
    .map((line, at) => oneLine(at === 0 ? line.replace(SIGN, '') : line))
    .filter((line) => line !== '');
  return typed.some((line) => PLACEHOLDER.test(line) || WORKING.test(line)) ? '' : typed.join('\n');
};
