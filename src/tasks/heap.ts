/** A queue that gives the smallest of what is in it, each in logarithmic time. */
export const makeHeap = <T>(compare: (a: T, b: T) => number) => {
  const items: T[] = [];
  const swap = (i: number, j: number): void => {
    [items[i], items[j]] = [items[j]!, items[i]!];
  };
  const sink = (): void => {
    for (let at = 0; ; ) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < items.length && compare(items[child]!, items[least]!) < 0) least = child;
      if (least === at) return;
      swap(at, least);
      at = least;
    }
  };
  return {
    peek: (): T | undefined => items[0],
    push: (item: T): void => {
      items.push(item);
      for (let at = items.length - 1; at > 0; ) {
        const parent = (at - 1) >> 1;
        if (compare(items[at]!, items[parent]!) >= 0) return;
        swap(at, parent);
        at = parent;
      }
    },
    pop: (): T | undefined => {
      const [first] = items;
      const last = items.pop();
      if (items.length > 0) {
        items[0] = last as T;
        sink();
      }
      return first;
    },
  };
};
