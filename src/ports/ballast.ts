/** Room on a disk that is kept for the time when there is no other: what has to be written then is written there. */
export type Ballast = {
  /** Takes the room; where there is too little after all, none. Never rejects. */
  keep(): Promise<void>;
  /** Gives it back, and resolves when the room is there; whether there was any. Never rejects. */
  giveBack(): Promise<boolean>;
  /** The same, where the disk is full. */
  giveBackIfFull(): Promise<boolean>;
};
