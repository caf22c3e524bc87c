/** A window beside the agent's. What it is for begins when a person asks for it with Enter, so that it costs nothing. */
export type SideWindow = {
  readonly name: string;
  /** What stands there until then. */
  readonly says: string;
  /** The program and its arguments; without any it is the person's own shell. */
  readonly argv: readonly string[];
};
