import type { SandboxMode, SandboxNetwork } from '../state/sandbox-settings.ts';

/** What git is for a program in a sandbox. */
type SandboxGit =
  /** A git directory of its own, `folder`, laid over that of the repository; `admin` is the name of its worktree in there. */
  | { readonly kind: 'private'; readonly folder: string; readonly admin: string }
  /** That of the repository, where nothing can be written, with another file in the place of its configuration. */
  | { readonly kind: 'read-only'; readonly config: string }
  /**
   * That of the repository at another path, which nobody can know before; at its own there are the objects alone, to be read.
   * Objects are written there, and what git keeps of the worktree, `admin`, but for `fixed` of that; `config` is another file.
   */
  | {
      readonly kind: 'elsewhere';
      readonly at: string;
      readonly admin: string;
      readonly config: string;
      readonly fixed: readonly string[];
    };

/** What a program in a sandbox sees of its machine, and what of that it can write; all paths are absolute. */
export type SandboxSpec = {
  readonly mode: Exclude<SandboxMode, 'off'>;
  /** Where it works, and can write. */
  readonly worktree: string;
  /** The checkout of the person, and the git directory of the repository. */
  readonly root: string;
  readonly commonDir: string;
  readonly git: SandboxGit;
  /** What lies at the path of the person's home: a folder of its own, or, with null, nothing that stays. */
  readonly home: { readonly at: string; readonly folder: string | null };
  /** Folders that are empty inside, beside those that always are. */
  readonly hidden: readonly string[];
  /** What it sees all the same, and what of that it can write; what is not there is left out. */
  readonly read: readonly string[];
  readonly write: readonly string[];
  /** `none`: nothing but a loopback of its own. */
  readonly network: 'shared' | 'none';
};

/** A private git directory for git that reads it: what a program needs beside it is not there. */
export type GitSpec = Pick<SandboxSpec, 'root' | 'commonDir' | 'hidden'> & {
  readonly folder: string;
  /** The home of the person, of which nothing is there. */
  readonly home: string;
};

/** A program that git runs on the content of a file, where agents may have written what it runs. */
export type FilterSpec = Pick<SandboxSpec, 'root' | 'commonDir' | 'worktree' | 'hidden'> & {
  /** What lies in the place of the repository's configuration. */
  readonly config: string;
  /** The home of the person, of which programs alone are there. */
  readonly home: string;
};

/**
 * What is to be shut in: an agent, which has a git directory and a home of its own; a check, which reads that of the repository and
 * keeps nothing; or a filter that git runs. `network`: whom it is to reach.
 */
export type SandboxUse = { readonly what: 'agent' | 'check' | 'filter'; readonly network?: SandboxNetwork };

/** What shuts programs in on a machine; every kind of it passes one suite, `test/contract/sandbox.ts`. */
export type Sandbox = {
  /** Why such a program cannot be shut in there, in words for a person; null when it can. It is tried, not supposed. */
  lack(use: SandboxUse): Promise<string | null>;
  /** What stands before a program and its arguments so that it is shut in. */
  wall(spec: SandboxSpec): Promise<readonly string[]>;
  /** The same for git that reads a private git directory, as each harvest does: each mount that it has less is time. */
  gitWall(spec: GitSpec): Promise<readonly string[]>;
  /** The same for a filter of git's: it reads the files around it and the repository, and nothing but what it is given leaves it. */
  filterWall(spec: FilterSpec): Promise<readonly string[]>;
};
