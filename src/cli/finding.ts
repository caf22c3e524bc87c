/** What a check found. A `problem` breaks something, a `note` is worth knowing, `fine` says what was seen. */
export type Finding = {
  readonly name: string;
  readonly level: 'fine' | 'note' | 'problem';
  /** One sentence: what is the case. */
  readonly cause: string;
  /** One command that repairs it. */
  readonly repair?: string;
  /** The same done by us; only where nothing of the user's can be lost. */
  readonly fix?: () => Promise<void>;
};

export const fine = (name: string, cause: string): Finding => ({ name, level: 'fine', cause });
export const note = (name: string, cause: string, repair?: string): Finding => ({
  name,
  level: 'note',
  cause,
  ...(repair ? { repair } : {}),
});
export const problem = (name: string, cause: string, repair: string, fix?: () => Promise<void>): Finding => ({
  name,
  level: 'problem',
  cause,
  repair,
  ...(fix ? { fix } : {}),
});
