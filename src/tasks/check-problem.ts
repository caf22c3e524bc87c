import { tellingLine } from './telling-line.ts';

/** How a program has ended. */
type Ended = {
  readonly code: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
  readonly stdout: string;
  readonly stderr: string;
  /** Whether it ran where nobody can be reached. */
  readonly alone?: boolean;
};

/** What is said of a check that failed where nobody can be reached. */
export const WITHOUT_NETWORK =
  'it ran without a network; where it needs one: drover config set sandbox.checks_network on';

/** What is said of a check that failed where it may write in its worktree alone, and wanted to elsewhere. */
const WITHOUT_WRITING =
  'it may write in its worktree alone; where it needs another folder: drover config set sandbox.write \'["FOLDER"]\'';

/** How programs say that they may not write somewhere. */
const MAY_NOT_WRITE = /\bEROFS\b|read-only file ?system/iu;

/**
 * What is put behind what a check printed that failed in a sandbox without a network: its reader cannot know of that, and would look
 * for a fault in the work.
 */
export const sandboxNote = (printed: string): string =>
  `drover: ${MAY_NOT_WRITE.test(printed) && !REACHES_NOBODY.test(printed) ? WITHOUT_WRITING : WITHOUT_NETWORK}\n`;

/** What a check printed, and what was put behind it; both are kept as one text. */
export const splitNote = (output: string): { readonly printed: string; readonly note: string | null } => {
  const note = [WITHOUT_NETWORK, WITHOUT_WRITING].find((one) => output.endsWith(`drover: ${one}\n`));
  return note === undefined
    ? { printed: output, note: null }
    : { printed: output.slice(0, -`drover: ${note}\n`.length), note };
};

/** How programs say that they reach nobody. */
const REACHES_NOBODY =
  /\bE(?:NOTFOUND|AI_AGAIN|NETUNREACH)\b|could ?n[o']t resolve|name resolution|name or service not known|network is unreachable|no address associated|\bdns error\b/iu;

/** How a check ended, in words; undefined when it succeeded. */
export const checkProblem = (command: string, exit: Ended): string | undefined => {
  if (exit.code === 0) return undefined;
  const how = exit.timedOut ? 'took too long' : exit.signal ? `was ended by ${exit.signal}` : `ended with ${exit.code}`;
  const line = tellingLine(exit);
  const isKept = exit.alone === true && REACHES_NOBODY.test(exit.stdout + exit.stderr);
  return `"${command}" ${how}${line === '' ? '' : `: ${line.slice(0, 200)}`}${isKept ? ` (${WITHOUT_NETWORK})` : ''}`;
};
