/** The value below which the share `p` (0 to 1) of the values lies. */
export const quantile = (values, p) => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(p * sorted.length) - 1))];
};

export const median = (values) => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

export const rounded = (value, digits = 2) => Math.round(value * 10 ** digits) / 10 ** digits;

/** The figures by which a series is told. */
export const spread = (values, digits = 2) => ({
  samples: values.length,
  p50: rounded(quantile(values, 0.5), digits),
  p95: rounded(quantile(values, 0.95), digits),
  max: rounded(Math.max(...values), digits),
});

/** A figure that must not be above its limit. The unit is `x` for a ratio of two figures of the same run. */
export const limited = (name, value, limit, unit) => {
  if (!Number.isFinite(value)) throw new Error(`"${name}" came out as ${value}`);
  return { name, value: rounded(value), limit, unit, ok: value <= limit };
};
