/** The part of a stored event whose shape may have changed between releases. */
export type Stored = { readonly type: string; readonly data: unknown };

/** Makes the next shape of an event from the one before; where a release renamed its type, also the new type. */
type Step = (stored: Stored) => Stored;

/**
 * Upcasts say, for each type that a release changed or renamed, how its second shape is made from its first, the third from the
 * second, and so on. Never remove or change a step: a release that changes a shape adds one at the end.
 */
export type Upcasts = Readonly<Record<string, readonly Step[]>>;

export const UPCASTS: Upcasts = {};

const stepsOf = (table: Upcasts, type: string): readonly Step[] => (Object.hasOwn(table, type) ? table[type]! : []);

/** The shape in which events of a type are written; undefined for the first, which no line says. */
export const shapeOf = (type: string, table: Upcasts = UPCASTS): number | undefined => {
  const { length } = stepsOf(table, type);
  return length === 0 ? undefined : length + 1;
};

/** The event in its present shape; undefined where it has one that this version does not know. */
export const upcast = (stored: Stored, shape = 1, table: Upcasts = UPCASTS): Stored | undefined => {
  const steps = stepsOf(table, stored.type);
  if (!Number.isInteger(shape) || shape < 1 || shape > steps.length + 1) return undefined;
  let now = stored;
  for (const step of steps.slice(shape - 1)) {
    now = step(now);
    // Under its new name it has the first shape of that one.
    if (now.type !== stored.type) return upcast(now, 1, table);
  }
  return now;
};
