/** Sorts instances so that those of the queue come first; the others keep their order. */
export const sortByAttention = (queue: readonly string[], ids: readonly string[]): readonly string[] => {
  const needing = new Set(queue);
  return [...queue, ...ids.filter((id) => !needing.has(id))];
};

/** The agent after or before the selected one in the queue, round and round; null when nobody needs anything. */
export const nextInQueue = (queue: readonly string[], selected: string | null, step: 1 | -1): string | null => {
  const at = selected === null ? -1 : queue.indexOf(selected);
  const from = at < 0 && step < 0 ? 0 : at;
  return queue[(from + step + queue.length) % queue.length] ?? null;
};
