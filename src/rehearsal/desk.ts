import type { Options } from './options.ts';
import type { Tone } from './screen.ts';
import type { Spending } from './spend.ts';

/** What the work may use of the program around it. */
export type Desk = {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly options: Options;
  readonly signal: AbortSignal;
  say(text: string, tone?: Tone): void;
  raw(text: string): Promise<void>;
  ask(question: string): Promise<string>;
  progress(percent: number, note: string): void;
  /** Says what the work would have used of a model, on top of what was said before. */
  spend(use: Spending): void;
  /** Takes so many bytes of memory for as long as the program runs. */
  take(bytes: number): void;
  /** Lets the daemon know of a file that was written, by its absolute path. */
  wrote(path: string): void;
};
