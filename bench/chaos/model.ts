import { seededNumber } from '../../src/rehearsal/seeded-number.ts';

const PRIORITIES = ['low', 'normal', 'high', 'urgent'];

/** What a client has made: a task by its priority, a group as there; null: it is not there. */
type Value = string | null;
/** `may` are the values that it may have now. */
type Thing = { readonly kind: 'task' | 'group'; readonly id: string; may: readonly Value[] };
/** A command, and what it makes of which thing. */
type Said = { readonly text: string; readonly thing: Thing; readonly value: Value };

/**
 * What must be there of the things that one client alone creates, changes and removes, by what it was told. A thing has one
 * value (`null`: it is not there); one that was changed without an answer may have either, and is left alone from then on.
 */
export const makeModel = (seed: number, name: string) => {
  const things = new Map<string, Thing>();
  let count = 0;
  let thrown = 0;
  const roll = () => {
    thrown += 1;
    return seededNumber('client', String(seed), name, String(thrown));
  };
  const any = <T>(list: readonly T[]): T => list[Math.floor(roll() * list.length)]!;
  const certain = (kind: Thing['kind']): readonly Thing[] =>
    [...things.values()].filter((one) => one.kind === kind && one.may.length === 1 && one.may[0] !== null);

  const make = (): Said => {
    count += 1;
    if (roll() < 0.25) {
      const id = `${name}-g${count}`;
      return { text: `create group ${id}`, thing: { kind: 'group', id, may: [null] }, value: 'there' };
    }
    const id = `${name}-t${count}`;
    const priority = any(PRIORITIES);
    const text = `create task "Thing ${id}" id=${id} priority=${priority}`;
    return { text, thing: { kind: 'task', id, may: [null] }, value: priority };
  };
  const change = (): Said => {
    const thing = any(certain('task'));
    const value = any(PRIORITIES);
    return { text: `set task ${thing.id} priority=${value}`, thing, value };
  };
  const remove = (): Said => {
    const thing = any([...certain('task'), ...certain('group')]);
    return { text: `remove ${thing.kind} ${thing.id} yes`, thing, value: null };
  };

  return {
    things,
    /** The next command: its words, and what it makes of which thing. */
    next: (): Said => {
      const dice = roll();
      if (dice < 0.4 && certain('task').length > 0) return change();
      if (dice < 0.55 && certain('task').length + certain('group').length > 0) return remove();
      return make();
    },
    acknowledge: ({ thing, value }: Pick<Said, 'thing' | 'value'>): void => {
      thing.may = [value];
      things.set(thing.id, thing);
    },
    /** Nobody knows whether it was carried out. */
    doubt: ({ thing, value }: Pick<Said, 'thing' | 'value'>): void => {
      thing.may = [...new Set([...thing.may, value])];
      things.set(thing.id, thing);
    },
  };
};
