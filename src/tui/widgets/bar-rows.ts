const STEPS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** The values as a row of bars, the latest at the right; as many as there are cells. Nothing is a blank. */
export const sparkline = (values: readonly number[], width: number, most = Math.max(...values, 0)): string =>
  values
    .slice(-Math.max(0, width))
    .map((value) => {
      if (!(value > 0) || most <= 0) return ' ';
      return STEPS[Math.min(STEPS.length - 1, Math.max(0, Math.ceil((value / most) * STEPS.length) - 1))]!;
    })
    .join('')
    .padStart(Math.max(0, width));
