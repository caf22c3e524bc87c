const STEPS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** The bar of a value in one of several rows, counted from the lowest; a blank where it does not reach it. */
const barIn = (value: number, most: number, rows: number, row: number): string => {
  if (!(value > 0) || most <= 0) return ' ';
  const steps = Math.max(1, Math.ceil((value / most) * rows * STEPS.length)) - row * STEPS.length;
  return steps <= 0 ? ' ' : STEPS[Math.min(STEPS.length, steps) - 1]!;
};

/** The values as bars so many rows high, the latest at the right; as many as there are cells. Nothing is a blank. */
export const barRows = (values: readonly number[], width: number, rows: number): readonly string[] => {
  const shown = values.slice(-Math.max(0, width));
  const most = Math.max(...values, 0);
  return Array.from({ length: rows }, (_, fromTop) =>
    shown
      .map((value) => barIn(value, most, rows, rows - 1 - fromTop))
      .join('')
      .padStart(Math.max(0, width)),
  );
};
