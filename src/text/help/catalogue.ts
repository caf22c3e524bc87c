import type { z } from 'zod';
import type { Role, Signature } from '../../protocol/signature.ts';

/** What can be said of a command without carrying it out: help, the manual page and the prompt bar are made of it. */
export type CommandDescription<P extends z.ZodObject = z.ZodObject> = {
  readonly verb: string;
  readonly noun: string;
  readonly summary: string;
  readonly example: string;
  /**
   * The least role that may say the command. An agent may only if `agents` is set, and then of its own instance alone.
   */
  readonly role: Role;
  readonly agents?: boolean;
  readonly modifiers: readonly string[];
  /** Those of them that say what the command does without them as well: `graceful`, where nothing else is the default. */
  readonly aloud?: readonly string[];
  /** Words that are understood and answered with «not available yet»: a wrong action would be worse than a refusal. */
  readonly later?: { readonly modifiers?: readonly string[]; readonly parameters?: readonly string[] };
  readonly target: Signature['target'];
  readonly params: P;
  /** The parameter that takes free text. */
  readonly text?: string;
  /** The command reads only: it is not recorded, and its plural without an id means all. */
  readonly reads: boolean;
  /** What the command does beside answering, in a few words; every command that does not only read has it. */
  readonly effects?: string;
  /** Set where something may be lost, so that the command asks first. */
  readonly loss?: unknown;
  /** The same, where files are read to know it. */
  readonly asks?: unknown;
};

/** Every command there is, and every signature that is understood, those of later versions included. */
export type Catalogue = { readonly commands: readonly CommandDescription[]; readonly signatures: readonly Signature[] };
