/** An event by its number, and when it happened; null where that cannot be read. */
export type EventPoint = { readonly seq: number; readonly at: string | null };

/** What of the journal could be let go of, and what stays. */
export type OldEvents = {
  /** Null where nothing is old enough. */
  readonly old: {
    readonly events: number;
    readonly from: EventPoint;
    readonly to: EventPoint;
    readonly files: number;
    /** What they take of the disk. */
    readonly bytes: number;
  } | null;
  /** The first event that stays. */
  readonly kept: { readonly from: EventPoint };
};

/** What of a log of lines could be let go of, and what stays. */
export type OldLines = {
  /** Null where nothing is old enough. */
  readonly old: { readonly lines: number; readonly from: string; readonly to: string; readonly bytes: number } | null;
  /** When the first line that stays was written; null where there is none. */
  readonly kept: { readonly from: string | null };
};

/** What is kept of what was, and the way to let go of it. Moments are in milliseconds since 1970. */
export type History = {
  readonly events: {
    /** What could be let go of because all of it is older than the moment. */
    old(before: number): Promise<OldEvents>;
    /** Lets go of what is older than the moment and before an event, for good; gives what that was. */
    letGo(before: number, first: number): Promise<OldEvents>;
  };
  /** What people and agents said, and what they were answered. */
  readonly messages: {
    old(before: number): Promise<OldLines>;
    letGo(before: number): Promise<OldLines>;
  };
};
