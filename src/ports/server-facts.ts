/** What a tmux server says of itself. Nothing in it is anybody's text but options, hooks and names of terminals. */
export type ServerFacts = {
  readonly version: string;
  readonly pid: number;
  readonly socketPath: string;
  /** Server, global session and global window options by name; of lists all entries, joined by commas. */
  readonly options: Readonly<Record<string, string>>;
  /** The global hooks that have a command. */
  readonly hooks: readonly { readonly name: string; readonly window: boolean; readonly command: string }[];
  /** What new sessions inherit: who the user is, as far as the server knows. */
  readonly environment: Readonly<Record<'HOME' | 'USER', string | undefined>>;
  /** The terminals that are attached and what tmux uses of each. */
  readonly clients: readonly { readonly term: string; readonly features: readonly string[] }[];
};

export type Inspection =
  | { readonly kind: 'none' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'server'; readonly facts: ServerFacts };
