import { z } from 'zod';
import { AppError, asSentence } from '../../lib/errors.ts';
import { shellQuote } from '../../lib/text.ts';
import type { LostForwarder } from '../../ports/target.ts';

/** An `error` keeps Drover from working, a `warning` will cost work or time, a `note` is worth knowing. */
const SEVERITIES = ['error', 'warning', 'note', 'ok'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** A repair that loses nothing of anybody's, as data: `fix.ts` carries it out. */
export type Fix =
  | { readonly kind: 'remove-socket'; readonly path: string }
  | { readonly kind: 'remove-holder'; readonly path: string; readonly pid: number }
  | { readonly kind: 'make-private'; readonly path: string }
  | { readonly kind: 'set-aside'; readonly path: string }
  | { readonly kind: 'salvage-journal' }
  | { readonly kind: 'forget-worktree'; readonly path: string }
  | { readonly kind: 'end-session'; readonly mark: string }
  | { readonly kind: 'end-forwarder'; readonly forwarder: LostForwarder }
  | { readonly kind: 'end-daemon'; readonly pid: number; readonly started: string };

/** What a check found. */
export type Finding = {
  /** Stable for scripts: where it belongs, a dot, and what it is. */
  readonly id: `${Area}.${string}`;
  readonly severity: Severity;
  /** What it is about, in a word or two. */
  readonly name: string;
  /** One sentence: what is the case. */
  readonly cause: string;
  /** One command that repairs it, ready for a POSIX shell. */
  readonly repair?: string;
  /** The words before the command, when they are not simply "repair with". */
  readonly label?: string;
  readonly fix?: Fix;
};

/** The parts that are examined, in the order in which they are shown, each with its title; neighbours may share one. */
export const AREAS = {
  repository: 'Repository',
  config: 'Repository',
  git: 'git',
  tmux: 'tmux',
  agent: 'Agents',
  daemon: 'Daemon and state',
  state: 'Daemon and state',
  leftover: 'Left behind',
  terminal: 'Terminal',
  node: 'Machine',
  disk: 'Machine',
  system: 'Machine',
  sandbox: 'Machine',
} as const;
export type Area = keyof typeof AREAS;

export const areaOf = ({ id }: Pick<Finding, 'id'>): Area => id.slice(0, id.indexOf('.')) as Area;

export const ok = (id: Finding['id'], name: string, cause: string): Finding => ({ id, severity: 'ok', name, cause });

type Fault = (id: Finding['id'], name: string, cause: string, repair?: string) => Finding;

const fault =
  (severity: Severity): Fault =>
  (id, name, cause, repair) => ({ id, severity, name, cause, ...(repair === undefined ? {} : { repair }) });

export const error = fault('error');
export const warning = fault('warning');
export const note = fault('note');

/** Words as a line that a person can paste into any POSIX shell, zsh included. */
export const commandLine = (...words: readonly string[]): string =>
  // zsh takes `=name` for the path of a program.
  words.map((word) => (word.startsWith('=') ? `'${word.replaceAll("'", `'\\''`)}'` : shellQuote(word))).join(' ');

/** An error of ours as a finding, with a command where one is known; anything else is a bug and goes on. */
export const findingOf = (id: Finding['id'], name: string, thrown: unknown, repair = 'drover doctor'): Finding => {
  if (!(thrown instanceof AppError)) throw thrown;
  const again = repair === 'drover doctor' ? { label: 'then' } : {};
  return { ...error(id, name, `${asSentence(thrown.message)} ${thrown.hint}`.replace(/\.$/u, ''), repair), ...again };
};

/** One finding as `drover doctor --json` prints it. */
const reportedSchema = z.object({
  id: z.string().describe('Stable: where it belongs and what it is'),
  area: z.enum(Object.keys(AREAS) as [Area, ...Area[]]),
  severity: z.enum(SEVERITIES),
  name: z.string(),
  cause: z.string().describe('What is the case, in one sentence'),
  repair: z.string().nullable().describe('One command that repairs it'),
  fixable: z.boolean().describe('Whether `drover doctor --fix` does it'),
  fixed: z.boolean().describe('Whether it was repaired just now; it does not count any more then'),
});

/** The document that `drover doctor --json` prints. */
export const doctorSchema = z.object({
  healthy: z.boolean().describe('No error is left'),
  counts: z.object({ error: z.number(), warning: z.number(), note: z.number(), fixed: z.number() }),
  findings: z.array(reportedSchema),
});
export type DoctorReport = z.infer<typeof doctorSchema>;
