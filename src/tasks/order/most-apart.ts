/** Who has to do with whom. */
export type Links = ReadonlyMap<string, ReadonlySet<string>>;

/** Bigger groups are not looked at, and in all groups together not more than so many steps are made, each of less than 0.1 ms. */
const MOST_IDS = 100;
const MOST_STEPS = 1000;

const nearIn = (near: Links, id: string, left: ReadonlySet<string>): string[] =>
  [...(near.get(id) ?? [])].filter((other) => left.has(other));

/** The groups whose members have to do with each other, directly or through others; who has to do with nobody is in none. */
const groupsOf = (ids: Iterable<string>, near: Links): string[][] => {
  const left = new Set(ids);
  const groups: string[][] = [];
  for (const id of left) {
    left.delete(id);
    const group = [id];
    for (const one of group)
      for (const other of nearIn(near, one, left)) {
        left.delete(other);
        group.push(other);
      }
    if (group.length > 1) groups.push(group);
  }
  return groups;
};

/** At most so many can stand beside each other: as many as there are heaps in each of which nobody can. */
const boundOf = (left: ReadonlySet<string>, near: Links): number => {
  const heaps: string[][] = [];
  for (const id of left) {
    const fits = heaps.find((heap) => heap.every((other) => near.get(id)!.has(other)));
    if (fits) fits.push(id);
    else heaps.push([id]);
  }
  return heaps.length;
};

const without = (left: ReadonlySet<string>, gone: readonly string[]): ReadonlySet<string> => {
  const rest = new Set(left);
  for (const id of gone) rest.delete(id);
  return rest;
};

/** As many as can stand beside each other, of which so many more steps are searched. */
const mostOf = (left: ReadonlySet<string>, near: Links, allowance: { steps: number }): readonly string[] => {
  const around = new Map([...left].map((id) => [id, nearIn(near, id, left)]));
  const count = (id: string): number => around.get(id)!.length;
  const alone = [...left].filter((id) => count(id) === 0);
  const groups = groupsOf(left, near);
  if (alone.length > 0 || groups.length !== 1)
    return [...alone, ...groups.flatMap((group) => mostOf(new Set(group), near, allowance))];
  const take = (id: string) => [id, ...mostOf(without(left, [id, ...around.get(id)!]), near, allowance)];
  const least = [...left].reduce((one, id) => (count(id) < count(one) ? id : one));
  // With one neighbour, nobody is lost by taking it.
  if (count(least) === 1 || allowance.steps === 0) return take(least);
  allowance.steps -= 1;
  const busiest = [...left].reduce((one, id) => (count(id) > count(one) ? id : one));
  const rest = without(left, [busiest]);
  const some = mostOf(rest, near, allowance);
  const others = without(left, [busiest, ...around.get(busiest)!]);
  if (1 + boundOf(others, near) <= some.length) return some;
  const more = take(busiest);
  return more.length > some.length ? more : some;
};

type Apart = { readonly group: readonly string[]; readonly most: readonly string[] };

/** Of each group that is not too big the members, and as many of them as can stand beside each other. */
export const mostApart = (ids: Iterable<string>, near: Links): readonly Apart[] => {
  const allowance = { steps: MOST_STEPS };
  return groupsOf(ids, near)
    .filter((group) => group.length <= MOST_IDS)
    .map((group) => ({ group, most: mostOf(new Set(group), near, allowance) }));
};
