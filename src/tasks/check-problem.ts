import { tellingLine } from './telling-line.ts';

/** How a program has ended. */
type Ended = {
  readonly code: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
  readonly stdout: string;
  readonly stderr: string;
};

/** How a check ended, in words; undefined when it succeeded. */
export const checkProblem = (command: string, exit: Ended): string | undefined => {
  if (exit.code === 0) return undefined;
  const how = exit.timedOut ? 'took too long' : exit.signal ? `was ended by ${exit.signal}` : `ended with ${exit.code}`;
  const line = tellingLine(exit);
  return `"${command}" ${how}${line === '' ? '' : `: ${line.slice(0, 200)}`}`;
};
