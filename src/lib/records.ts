import { atSlot, emptySlots, inSlots, type Slots, withSlot } from './slots.ts';

export type Records<T> = Readonly<Record<string, T>>;

/** A version of records that is being made: `records` is as they are by now, and nobody else's before it is finished. */
export type RecordsEditor<T> = {
  readonly records: Records<T>;
  put(key: string, value: T): void;
  remove(key: string): void;
};

/** From so many records on a version shares what did not change with the one before it; fewer are copied more quickly. */
const MANY = 500;

type Entry = readonly [key: string, value: unknown];

/** What all versions that came of each other share. */
type Family = {
  /** The places that a key has had: a new one each time that it was put anew, so that the places are in order. */
  readonly places: Map<string, number | readonly number[]>;
  next: number;
  /** Whether a key is a whole number: those come first in an object, by size. */
  hasNumbers: boolean;
};

type Table = {
  readonly family: Family;
  slots: Slots<Entry>;
  size: number;
  /** In order, once somebody asked. */
  entries: readonly Entry[] | undefined;
  values: readonly unknown[] | undefined;
};

const tables = new WeakMap<object, Table>();
/** How many records are in an object that came of an edit. */
const counts = new WeakMap<object, { count: number }>();

const LARGEST_INDEX = 2 ** 32 - 2;
const isIndex = (key: string): boolean => /^(?:0|[1-9]\d{0,9})$/u.test(key) && Number(key) <= LARGEST_INDEX;

const placeOf = ({ family, slots }: Table, key: string): number | undefined => {
  const places = family.places.get(key);
  if (places === undefined || typeof places === 'number') return places;
  return places.findLast((place) => atSlot(slots, place) !== undefined);
};

const find = (table: Table, key: string | symbol): Entry | undefined => {
  const place = typeof key === 'string' ? placeOf(table, key) : undefined;
  return place === undefined ? undefined : atSlot(table.slots, place);
};

const entriesOf = (table: Table): readonly Entry[] => {
  if (!table.entries) {
    const all = inSlots(table.slots);
    table.entries = table.family.hasNumbers
      ? [
          ...all.filter(([key]) => isIndex(key)).toSorted(([one], [other]) => Number(one) - Number(other)),
          ...all.filter(([key]) => !isIndex(key)),
        ]
      : all;
  }
  return table.entries;
};

/** A table looks like the object with its records, which nobody can change. */
const LOOK: ProxyHandler<Table> = {
  get: (table, key) => {
    const entry = find(table, key);
    return entry ? entry[1] : Reflect.get(Object.prototype, key);
  },
  has: (table, key) => find(table, key) !== undefined || key in Object.prototype,
  ownKeys: (table) => entriesOf(table).map(([key]) => key),
  getOwnPropertyDescriptor: (table, key) => {
    const entry = find(table, key);
    return entry && { value: entry[1], writable: true, enumerable: true, configurable: true };
  },
  set: () => false,
  defineProperty: () => false,
  deleteProperty: () => false,
  preventExtensions: () => false,
};

const newPlace = (family: Family, key: string): number => {
  const before = family.places.get(key);
  const place = family.next;
  family.next += 1;
  family.places.set(key, before === undefined ? place : [before, place].flat());
  family.hasNumbers ||= isIndex(key);
  return place;
};

const editTable = <T>({ family, slots, size }: Pick<Table, 'family' | 'slots' | 'size'>): RecordsEditor<T> => {
  const owner = {};
  const table: Table = { family, slots, size, entries: undefined, values: undefined };
  const records = new Proxy(table, LOOK) as unknown as Records<T>;
  tables.set(records, table);
  const change = (slot: number, value: Entry | undefined, more: number): void => {
    table.slots = withSlot(table.slots, { slot, value, owner });
    table.size += more;
    table.entries = undefined;
    table.values = undefined;
  };
  const placeIn = (key: string): number | undefined => {
    const place = placeOf(table, key);
    return place === undefined || atSlot(table.slots, place) === undefined ? undefined : place;
  };
  return {
    records,
    put: (key, value) => {
      const place = placeIn(key);
      change(place ?? newPlace(family, key), [key, value], place === undefined ? 1 : 0);
    },
    remove: (key) => {
      const place = placeIn(key);
      if (place !== undefined) change(place, undefined, -1);
    },
  };
};

const editCopy = <T>(records: Records<T>, count: number): RecordsEditor<T> => {
  const copy: Record<string, T> = { ...records };
  const counter = { count };
  counts.set(copy, counter);
  return {
    records: copy,
    put: (key, value) => {
      if (!Object.hasOwn(copy, key)) counter.count += 1;
      copy[key] = value;
    },
    remove: (key) => {
      if (Object.hasOwn(copy, key)) counter.count -= 1;
      delete copy[key];
    },
  };
};

const newTable = (entries: readonly Entry[]): Pick<Table, 'family' | 'slots' | 'size'> => {
  const owner = {};
  const family: Family = { places: new Map(), next: 0, hasNumbers: false };
  let slots = emptySlots<Entry>(owner);
  for (const entry of entries) slots = withSlot(slots, { slot: newPlace(family, entry[0]), value: entry, owner });
  return { family, slots, size: entries.length };
};

/** Whether the places are mostly those of what was removed. */
const isSparse = ({ family, size }: Table): boolean => family.next > 2 * size + MANY;

/**
 * Begins the next version of records, which stay as they are. It looks like an object with them in the same order, costs
 * what is changed and not what there is, and is nobody's to change when it is finished.
 */
export const editRecords = <T>(records: Records<T>): RecordsEditor<T> => {
  const table = tables.get(records);
  if (table) return editTable(isSparse(table) ? newTable(entriesOf(table)) : table);
  const count = counts.get(records)?.count ?? Object.keys(records).length;
  return count < MANY ? editCopy(records, count) : editTable(newTable(Object.entries(records)));
};

/** The record of a key; undefined where there is none, also for keys that every object has. */
export const recordOf = <T>(records: Records<T>, key: string): T | undefined => {
  const table = tables.get(records);
  if (table) return find(table, key)?.[1] as T | undefined;
  return Object.hasOwn(records, key) ? records[key] : undefined;
};

/** The same as `Object.values`, sooner where there are many. */
export const valuesOf = <T>(records: Records<T>): readonly T[] => {
  const table = tables.get(records);
  if (!table) return Object.values(records);
  table.values ??= entriesOf(table).map(([, value]) => value);
  return table.values as readonly T[];
};
