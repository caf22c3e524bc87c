/** What became of a command: it was carried out, however it ended; refused; or asked about first. */
export const DECISIONS = ['allowed', 'denied', 'confirmation'] as const;

/** What is written down of a command that would change something, and of every one that was refused. */
export type AuditEntry = {
  readonly at: string;
  /** Who was seen to say it, in which role, and what was seen. */
  readonly actor: string;
  readonly role: string;
  readonly seen: string;
  readonly corr: string;
  readonly command: string;
  readonly targets: readonly string[];
  readonly decision: (typeof DECISIONS)[number];
  readonly exit: number;
  readonly result: string;
};

/** An entry with its number, from 1 without gaps. */
export type AuditRecord = AuditEntry & { readonly seq: number };

/** How a record of the audit, and the end of it, can be known again: its number, and the hash of all up to it. */
export type AuditTip = { readonly seq: number; readonly hash: string };

/** The first place at which the audit is not as it was written. */
export type AuditFault = { readonly file: string; readonly line: number; readonly what: string };

/** The audit as commands read it. */
export type AuditReader = {
  /** The records as they stand there, whether or not somebody changed them. */
  records(): AsyncIterable<AuditRecord>;
  /** Goes through all of it from its first line. */
  verify(): Promise<{ readonly tip: AuditTip; readonly fault: AuditFault | null }>;
};
