/** The programs by which people speak: what a client calls itself says no more than that. */
export const CLIENTS: readonly string[] = ['cli', 'tui', 'web'];

/** Who has done something, for a person to read: whoever spoke by one of their own programs is the reader, others have names. */
export const actorText = (by: string): string => (CLIENTS.includes(by) ? 'you' : by.replace(/^web:/u, ''));
