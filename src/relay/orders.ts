/** An agent's terminal that one other user of the machine may look at, as the relay is told of it. */
export type SharedTerminal = {
  readonly id: string;
  /** Where the guest joins: the last two names of the path are made for this share alone. */
  readonly socket: string;
  /** Whom the kernel has to name as the one who connects. */
  readonly uid: number;
  readonly instance: string;
  /** ISO 8601. */
  readonly until: string;
  /** The folder of what the agent prints, and the size of its terminal where that does not say it. */
  readonly log: string;
  readonly size: { readonly cols: number; readonly rows: number };
  /** Where the owner's secrets lie, which no guest gets to see. */
  readonly secrets: { readonly folder: string; readonly keyFile: string };
  /** Where keys of the guest go; null: nowhere, the guest looks only. */
  readonly typing: {
    readonly mark: string;
    readonly session: string;
    readonly socket: string | null;
    readonly env: Readonly<Record<string, string>>;
  } | null;
};

/** What the daemon tells the relay; each order is answered by one piece of news. */
export type RelayOrder =
  | { readonly kind: 'open'; readonly share: SharedTerminal }
  | { readonly kind: 'close'; readonly id: string; readonly because: string };

/** Who it is that comes. */
type Guest = { readonly id: string; readonly uid: number | null; readonly pid: number };

/** Somebody came, went, or was refused. */
export type RelayVisit =
  | (Guest & { readonly kind: 'joined' })
  /** `typed` counts keys and texts that were passed on. */
  | (Guest & { readonly kind: 'left'; readonly typed: number; readonly why: string })
  /** `times` others were refused for it as well since the last word of it. */
  | (Guest & { readonly kind: 'refused'; readonly why: string; readonly times: number });

/** What the relay tells the daemon. */
export type RelayNews =
  | { readonly kind: 'opened'; readonly id: string }
  | { readonly kind: 'failed'; readonly id: string; readonly why: string }
  | { readonly kind: 'closed'; readonly id: string }
  | RelayVisit;
