const figure = (value, unit) => (unit === 'x' ? `${value.toFixed(2)} x` : `${value} ${unit}`);

/** The limits as a person reads them. */
export const table = (limits, failed) => {
  const rows = limits.map(({ measurement, name, value, limit, unit, ok }) => [
    ...[ok ? 'ok' : 'MISSED', measurement, name, figure(value, unit), `limit ${figure(limit, unit)}`],
  ]);
  const widths = [0, 1, 2, 3].map((i) => Math.max(0, ...rows.map((row) => row[i].length)));
  const lines = rows.map((row) =>
    row.map((cell, i) => (i === 3 ? cell.padStart(widths[i]) : cell.padEnd(widths[i] ?? 0))).join('  '),
  );
  return ['', ...lines, ...failed.map((name) => `not measured: ${name}`), ''].join('\n');
};
