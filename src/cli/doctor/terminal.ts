import { askTerminal } from './ask-terminal.ts';
import { ask, type Probe } from './examination.ts';
import { type Finding, note, ok, warning } from './finding.ts';

/** What is known of the terminal. */
export type TerminalFacts = {
  readonly columns: number;
  readonly rows: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The terminal's entry in terminfo; null when there is none, undefined when nobody could be asked. */
  readonly terminfo: string | null | undefined;
  /** Whether it draws a frame in one piece when told to; null when it did not answer. */
  readonly synchronized: boolean | null;
};

const LEAST = { columns: 80, rows: 24 } as const;

const judgeSize = ({ columns, rows }: TerminalFacts): Finding => {
  if (columns >= LEAST.columns && rows >= LEAST.rows) return ok('terminal.size', 'size', `${columns}x${rows}`);
  const cause = `${columns}x${rows}: the screen is cramped below ${LEAST.columns}x${LEAST.rows}`;
  return warning('terminal.small', 'size', cause, String.raw`printf '\033[8;24;80t'`);
};

const judgeLocale = (env: TerminalFacts['env']): Finding => {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  if (/utf-?8/iu.test(locale)) return ok('terminal.locale', 'locale', locale);
  const cause = `"${locale}" is not UTF-8: frames and names will look wrong`;
  return warning('terminal.not-utf8', 'locale', cause, env['LC_ALL'] ? 'export LC_ALL=C.UTF-8' : 'export LANG=C.UTF-8');
};

const judgeColours = ({ env, terminfo }: TerminalFacts): Finding => {
  const known = /truecolor|24bit/iu.test(env['COLORTERM'] ?? '');
  const told = /(?:^|\s)(?:RGB|Tc)(?:#|,|\s)|setrgbf=/u.test(terminfo ?? '');
  if (known || told) return ok('terminal.colours', 'colours', known ? 'true colour' : 'true colour, by terminfo');
  const cause = 'neither COLORTERM nor terminfo speaks of true colour: colours are rounded';
  return note('terminal.few-colours', 'colours', cause, 'export COLORTERM=truecolor');
};

const judgeName = ({ env, terminfo }: TerminalFacts): Finding => {
  const { TERM: term = '', TMUX: inside } = env;
  if (term === '' || term === 'dumb') {
    const cause = `is "${term}": the screen needs a terminal that can address its cells`;
    return warning('terminal.dumb', 'TERM', cause, 'export TERM=xterm-256color');
  }
  if (inside && !/^(?:tmux|screen)/u.test(term)) {
    const cause = `is ${term} inside of tmux, which understands itself as tmux-256color`;
    return warning('terminal.term-in-tmux', 'TERM inside tmux', cause, 'export TERM=tmux-256color');
  }
  if (terminfo === null) {
    const cause = `is ${term}, which this machine has no description of`;
    return warning('terminal.unknown', 'TERM', cause, 'export TERM=xterm-256color');
  }
  return ok('terminal.term', 'TERM', inside ? `${term}, inside of tmux` : term);
};

const judgeFrames = ({ synchronized }: TerminalFacts): Finding => {
  if (synchronized) return ok('terminal.frames', 'frames', 'drawn in one piece');
  if (synchronized === null)
    return ok('terminal.frames', 'frames', 'it does not tell whether they are drawn in one piece');
  return note('terminal.flicker', 'frames', 'not drawn in one piece: the screen may flicker');
};

/** What is to be said about the terminal. */
export const judgeTerminal = (facts: TerminalFacts): readonly Finding[] => [
  judgeName(facts),
  judgeSize(facts),
  judgeLocale(facts.env),
  judgeColours(facts),
  judgeFrames(facts),
];

/** The terminal that we are in; where there is none, nothing is wrong with it. */
export const probeTerminal: Probe = async (examination) => {
  const { io, env } = examination;
  if (!io.stdout.isTTY) return [ok('terminal.none', 'terminal', 'none here: plain text without colours')];
  const usable = env['TERM'] !== undefined && env['TERM'] !== '' && env['TERM'] !== 'dumb';
  const [described, synchronized] = await Promise.all([
    usable ? ask(examination, 'infocmp', ['-1x', env['TERM']!]) : null,
    usable && io.stdin.isTTY ? askTerminal(io) : null,
  ]);
  const terminfo =
    described === null || described.timedOut ? undefined : described.code === 0 ? described.stdout : null;
  return judgeTerminal({ columns: io.stdout.columns, rows: io.stdout.rows, env, terminfo, synchronized });
};
