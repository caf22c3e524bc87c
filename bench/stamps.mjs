/** Finds the lines of `busy-pane.pl` that were not there before, and how old each is at this moment. */
export const makeStamps = () => {
  const newest = new Map();
  const ages = [];
  const begun = process.hrtime.bigint();
  return {
    ages,
    /** `rows` from the top of the screen to its bottom. Only what was written after the beginning counts. */
    look: (pane, rows) => {
      const now = process.hrtime.bigint();
      const last = newest.get(pane) ?? 0;
      for (let i = rows.length - 1; i >= 0; i -= 1) {
        const { number, at } = /#(?<number>\d+) (?<at>\d+\.\d{6})(?!\d)/u.exec(rows[i])?.groups ?? {};
        if (number === undefined) continue;
        if (Number(number) <= last) return;
        newest.set(pane, Math.max(newest.get(pane) ?? 0, Number(number)));
        const written = BigInt(at.replace('.', '')) * 1000n;
        if (written > begun) ages.push(Number(now - written) / 1e6);
      }
    },
  };
};
