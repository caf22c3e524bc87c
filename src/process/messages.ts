import type { ExitCode } from '../lib/errors.ts';
import type { Exit, ProcessRequest } from '../ports/index.ts';

/** What the broker is asked to do. */
export type Order =
  | { readonly kind: 'run'; readonly id: number; readonly request: ProcessRequest }
  | { readonly kind: 'kill'; readonly id: number };

/** How an order ended; exactly one for each `run`. */
export type Answer =
  | { readonly kind: 'exit'; readonly id: number; readonly exit: Exit }
  | {
      readonly kind: 'failed';
      readonly id: number;
      readonly code: string;
      readonly exit: ExitCode;
      readonly message: string;
      readonly hint: string;
    };
