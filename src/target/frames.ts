import { AppError, type ExitCode } from '../lib/errors.ts';
import type { Shipped, TargetPaths } from '../ports/target.ts';

/** Where the parts of the swarm lie on the machine of the other end, and which of its tmux servers is used. */
export type WorkerPlace = {
  readonly host: string;
  readonly paths: TargetPaths;
  readonly shipped: Shipped;
  readonly socket?: string;
};

/** What the daemon's end sends. `open` comes first; `window` and `more` are the items of a stream that may be under way. */
export type Order =
  | { readonly kind: 'open'; readonly place: WorkerPlace }
  | {
      readonly kind: 'call' | 'stream';
      readonly id: number;
      readonly edge: string;
      readonly method: string;
      readonly args: readonly unknown[];
      readonly window: number;
    }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'more'; readonly id: number };

/** A failure that crosses the line. */
export type Failure = {
  readonly message: string;
  readonly code?: string;
  /** With these it is an error whose text is meant for a person. */
  readonly exit?: ExitCode;
  readonly hint?: string;
};

/** What the machine's end answers: once `opened`; for each order one `done` or `failed`, of a stream `item`s before it. */
export type Answer =
  | {
      readonly kind: 'opened';
      readonly env: Readonly<Record<string, string>>;
      readonly isRoot: boolean;
      readonly root: string;
      readonly commonDir: string;
    }
  | { readonly kind: 'refused'; readonly failure: Failure }
  | { readonly kind: 'item'; readonly id: number; readonly value?: unknown }
  | { readonly kind: 'done'; readonly id: number; readonly value?: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly failure: Failure };

export const failureOf = (error: unknown): Failure => {
  if (error instanceof AppError) {
    const { code, exit, message, hint } = error;
    return { code, exit, message, hint };
  }
  if (!(error instanceof Error)) return { message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  return { message: error.message, ...code };
};

/** The error that a failure was before it crossed the line. */
export const errorOf = ({ message, code, exit, hint }: Failure): Error =>
  code !== undefined && exit !== undefined
    ? new AppError(code, exit, { message, hint: hint ?? '' })
    : Object.assign(new Error(message), code === undefined ? {} : { code });
