/** The roles, from the least to the most that they may do. */
export const ROLES = ['agent', 'viewer', 'operator', 'integrator', 'admin'] as const;
/** Who may say what. */
export type Role = (typeof ROLES)[number];

/** What the parser must know of a command: the language is made of signatures and agents, and the parser has none itself. */
export type Signature = {
  readonly verb: string;
  readonly noun: string;
  /** Modifiers that may follow, e.g. `graceful`, `beast-mode`. */
  readonly modifiers: readonly string[];
  /** Names that may be given as `key=value` or `--key value`, or filled by the grammar (`id`, `scope`, `state`, `to`, `count` …). */
  readonly parameters: readonly string[];
  /** The words that `scope` may be, where it is a parameter and they are known: `all`, `last`, `next`. */
  readonly scopes?: readonly string[];
  /** The words that parameters choose from, by the names of those that do. */
  readonly values?: Readonly<Record<string, readonly string[]>>;
  /** Parameters that it cannot do without, beside the ids that it is about. */
  readonly needs?: readonly string[];
  /** Parameters that take free text: the rest of the line, or a quoted piece. */
  readonly text?: string;
  /**
   * `none`: takes no id. `optional`: without one it means all, which only reading commands may.
   * `required`: an id, or a quantifier or state filter (`all`, `running`), must be said.
   */
  readonly target: 'none' | 'optional' | 'required';
  /** Which phase brings the command: only those of 1 exist yet. */
  readonly phase: 1 | 2 | 3 | 4 | 5;
};

/** The word for the most that a command takes at once: `all` where it takes that; undefined where it takes none. */
export const scopeOf = ({
  parameters,
  scopes = ['all'],
}: Pick<Signature, 'parameters' | 'scopes'>): string | undefined =>
  parameters.includes('scope') ? scopes[0] : undefined;
