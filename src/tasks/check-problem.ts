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

/** What is put behind what such a check printed: its reader cannot know it, and would look for a fault in the work. */
export const NETWORK_NOTE = `drover: ${WITHOUT_NETWORK}\n`;

/** What a check printed, and what was put behind it; both are kept as one text. */
export const splitNote = (output: string): { readonly printed: string; readonly note: string | null } =>
  output.endsWith(NETWORK_NOTE)
    ? { printed: output.slice(0, -NETWORK_NOTE.length), note: WITHOUT_NETWORK }
    : { printed: output, note: null };

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
