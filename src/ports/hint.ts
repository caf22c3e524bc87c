import type { Task } from '../state/tasks.ts';

/** What is known of a command before it is run. */
export type Hint =
  | {
      readonly kind: 'ok';
      readonly says: string;
      /** What would be lost, so that the command asks first. */
      readonly asks?: string;
      /** Set where only a look at files tells whether it asks first. */
      readonly mayAsk?: true;
      /** Set where it is no promise: only a look at git, files or terminals tells whether it can be done. */
      readonly mayFail?: true;
      /** Set where it would change nothing; `says` is its answer then. */
      readonly idle?: true;
      /** The task whose work it shows, where that is all that it does. */
      readonly reviews?: string;
      /** The tasks that it merges, where it merges all that is finished and does not ask itself. */
      readonly merges?: readonly Pick<Task, 'id' | 'title'>[];
    }
  | { readonly kind: 'incomplete'; readonly expects: readonly string[] }
  | {
      readonly kind: 'error';
      readonly message: string;
      /** A command that may have been meant. */
      readonly suggestion?: string;
      /** What can be done about the error. */
      readonly help?: string;
      /** Whether the text is a command that only cannot be carried out as things are now. */
      readonly understood?: boolean;
    };

/** A word that may stand at the end of a line, with what it means. */
export type Candidate = { readonly word: string; readonly help: string };
