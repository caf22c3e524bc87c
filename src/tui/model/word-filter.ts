/** Whether a text has all words of a filter, in whichever case and order; null for a filter without a word. */
export const wordFilter = (filter: string): ((text: string) => boolean) | null => {
  const words = filter.toLowerCase().split(/\s+/u).filter(Boolean);
  if (words.length === 0) return null;
  return (text) => {
    const folded = text.toLowerCase();
    return words.every((word) => folded.includes(word));
  };
};
