/** A bar of progress in so many cells; it is full only when all is done, and empty only while nothing is. */
export const bar = (done: number, total: number, width: number): string => {
  const share = total <= 0 ? 0 : Math.min(1, Math.max(0, done / total));
  const begun = share > 0 ? 1 : 0;
  const filled = share === 1 ? width : Math.min(width - 1, Math.max(begun, Math.round(share * width)));
  return '▰'.repeat(Math.max(0, filled)) + '▱'.repeat(Math.max(0, width - filled));
};
