import type { z } from 'zod';

export type EventSchemas = Readonly<Record<string, z.ZodType>>;

/** A place in the journal: its last event, and the checksum over that and all before it, to which the next one is chained. */
export type Position = { readonly seq: number; readonly crc: number };

/** Who caused an event and on whose behalf: `actor` is `cli`, `tui`, `daemon`, or an instance id. */
export type Origin = { readonly actor: string; readonly corr: string };

/** An event as it stands in the journal. `at` is ISO 8601 UTC; `seq` counts from 1 without gaps. */
export type EventOf<E extends EventSchemas> = {
  [K in keyof E & string]: Origin & {
    readonly seq: number;
    readonly at: string;
    readonly type: K;
    readonly data: z.infer<E[K]>;
  };
}[keyof E & string];

/** An event before the journal gave it a number and a time. */
export type DraftOf<E extends EventSchemas> = {
  [K in keyof E & string]: { readonly type: K; readonly data: z.infer<E[K]> };
}[keyof E & string];

export type Handlers<S, E extends EventSchemas, R = S> = {
  [K in keyof E]: (state: S, data: z.infer<E[K]>, at: string, seq: number) => R;
};

type AnyEvent = { readonly type: string; readonly at: string; readonly seq: number; readonly data: unknown };

/** Where a handler says only what changes; undefined for events of others. */
export const patcher = <S, E extends EventSchemas, P>(
  handlers: Handlers<S, E, P>,
): ((state: S, event: AnyEvent) => P | undefined) => {
  // Every event of a journal goes by a dozen of these: a map tells sooner than an object that it has no such key.
  const byType: ReadonlyMap<string, Handlers<S, E, P>[keyof E]> = new Map(Object.entries(handlers));
  return (state, event) => byType.get(event.type)?.(state, event.data as never, event.at, event.seq);
};

/** A reducer of one slice, and the types of the events that can change it. */
export type Reducer<S> = ((state: S, event: AnyEvent) => S) & { readonly types: ReadonlySet<string> };

/** Builds a slice reducer. Leaving out a handler, or adding one for an event that does not exist, fails to compile. */
export const reducer = <S, E extends EventSchemas>(handlers: Handlers<S, E>): Reducer<S> => {
  const patch = patcher<S, E, S>(handlers);
  return Object.assign((state: S, event: AnyEvent) => patch(state, event) ?? state, {
    types: new Set(Object.keys(handlers)),
  });
};

/** The same for a slice in which events of others leave something as well. */
export const withOthers = <S, E extends EventSchemas>(
  own: Reducer<S>,
  handlers: Partial<Handlers<S, E>>,
): Reducer<S> => {
  const patch = patcher<S, E, S>(handlers as Handlers<S, E>);
  const reduce = (state: S, event: AnyEvent): S => {
    const after = own(state, event);
    return patch(after, event) ?? after;
  };
  return Object.assign(reduce, { types: new Set([...own.types, ...Object.keys(handlers)]) });
};
