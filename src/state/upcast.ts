/** The part of a stored event whose shape may have changed between releases. */
export type Stored = { readonly type: string; readonly data: unknown };

export type Upcasts = Readonly<Record<string, (stored: Stored) => Stored>>;

/**
 * Upcasts say, for each type that a release changed or renamed, how its old shapes become the present one. Never remove
 * an entry.
 */
export const UPCASTS: Upcasts = {};

/** The event in its present shape. One that already has it comes back as it is. */
export const upcast = (stored: Stored, table: Upcasts = UPCASTS): Stored =>
  Object.hasOwn(table, stored.type) ? table[stored.type]!(stored) : stored;
