/**
 * Numbered places of which each version shares with the one before it all that did not change: a change makes a node of
 * each level anew, however many places there are.
 */
export type Slots<T> = { readonly root: Node<T>; readonly height: number };

type Node<T> = {
  /** Whoever made it may change it as long as nobody else has seen it. */
  readonly owner: object;
  readonly items: (Node<T> | T | undefined)[];
};

const BITS = 5;
const WIDTH = 2 ** BITS;
const MASK = WIDTH - 1;

const emptyNode = <T>(owner: object): Node<T> => ({ owner, items: [] });

export const emptySlots = <T>(owner: object): Slots<T> => ({ root: emptyNode(owner), height: 0 });

/** What is at a place; undefined where nothing is. */
export const atSlot = <T>({ root, height }: Slots<T>, slot: number): T | undefined => {
  if (slot >= WIDTH ** (height + 1)) return undefined;
  let node: Node<T> | undefined = root;
  for (let level = height; level > 0 && node; level -= 1)
    node = node.items[(slot >>> (level * BITS)) & MASK] as Node<T> | undefined;
  return node?.items[slot & MASK] as T | undefined;
};

type Change<T> = { readonly slot: number; readonly value: T | undefined; readonly owner: object };

const changed = <T>(node: Node<T>, level: number, change: Change<T>): Node<T> => {
  const { slot, value, owner } = change;
  const own: Node<T> = node.owner === owner ? node : { owner, items: [...node.items] };
  const at = (slot >>> (level * BITS)) & MASK;
  own.items[at] =
    level === 0 ? value : changed((node.items[at] as Node<T> | undefined) ?? emptyNode<T>(owner), level - 1, change);
  return own;
};

/** The places with another value at one of them; undefined empties it. Nodes of the same owner are changed as they are. */
export const withSlot = <T>(slots: Slots<T>, change: Change<T>): Slots<T> => {
  let { root, height } = slots;
  while (change.slot >= WIDTH ** (height + 1)) {
    root = { owner: change.owner, items: [root] };
    height += 1;
  }
  return { root: changed(root, height, change), height };
};

const walk = <T>(node: Node<T>, level: number, visit: (value: T) => void): void => {
  for (const item of node.items) {
    if (item === undefined) continue;
    if (level === 0) visit(item as T);
    else walk(item as Node<T>, level - 1, visit);
  }
};

/** All that is there, by place. */
export const inSlots = <T>({ root, height }: Slots<T>): T[] => {
  const all: T[] = [];
  walk(root, height, (value) => void all.push(value));
  return all;
};
