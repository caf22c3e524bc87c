/** A point of a curve; both are plain numbers. */
export type Point = { readonly x: number; readonly y: number };

const scaled = (points: readonly Point[], { from, to, top }: Range, width: number, height: number): string =>
  points
    .map(({ x, y }) => {
      const left = Math.min(width, Math.max(0, ((x - from) / Math.max(1, to - from)) * width));
      return `${left.toFixed(1)},${(height - (Math.min(y, top) / Math.max(1e-9, top)) * (height - 2) - 1).toFixed(1)}`;
    })
    .join(' ');

type Range = { readonly from: number; readonly to: number; readonly top: number };

const rangeOf = (points: readonly Point[], most: number): Range => ({
  from: points[0]?.x ?? 0,
  to: points.at(-1)?.x ?? 1,
  top: Math.max(most, ...points.map(({ y }) => y)),
});

type Props = {
  readonly points: readonly Point[];
  /** What the curve shows, for who does not see it: its last value stands beside it as text. */
  readonly label: string;
  /** The value at the top, where the curve stays below it. */
  readonly most?: number;
  readonly className?: string;
};

const WIDTH = 120;
const HEIGHT = 24;

/** A curve without axes, small enough to stand in a line of text. */
export const Sparkline = ({ points, label, most = 0, className = '' }: Props) => {
  const [only] = points;
  // One measurement is a level line.
  const drawn = points.length === 1 && only ? [only, { ...only, x: only.x + 1 }] : points;
  const line = scaled(drawn, rangeOf(drawn, most), WIDTH, HEIGHT);
  return (
    <svg
      className={`sparkline ${className}`}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
      data-last={points.at(-1)?.y}
    >
      {line !== '' && <polygon points={`0,${HEIGHT} ${line} ${WIDTH},${HEIGHT}`} />}
      {line !== '' && <polyline points={line} />}
    </svg>
  );
};

/** One of the curves of a chart. */
type Series = { readonly name: string; readonly className: string; readonly points: readonly Point[] };

type ChartProps = {
  readonly title: string;
  readonly series: readonly Series[];
  /** How values, and moments on the axis, are written. */
  readonly valueText: (value: number) => string;
  readonly from: number;
  readonly to: number;
  readonly timeText: (at: number) => string;
};

const CHART = { width: 560, height: 180, left: 44, bottom: 20, top: 8 } as const;

/** A round number that is not below the value. */
const niceTop = (value: number): number => {
  if (value <= 0) return 1;
  const unit = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 5, 10].map((step) => step * unit).find((one) => one >= value) ?? value;
};

/** Curves over time with axes; the values of the last moment stand in its legend. */
export const LineChart = ({ title, series, valueText, from, to, timeText }: ChartProps) => {
  const { width, height, left, bottom, top: above } = CHART;
  const inner = { width: width - left - 8, height: height - bottom - above };
  const top = niceTop(Math.max(0, ...series.flatMap(({ points }) => points.map(({ y }) => y))));
  const range = { from, to, top };
  return (
    <figure className="chart">
      <figcaption>
        <span className="strong">{title}</span>
        {series.map(({ name, className, points }) => (
          <span key={name} className={`legend ${className}`}>
            <i aria-hidden="true" /> {name} <b className="numbers">{valueText(points.at(-1)?.y ?? 0)}</b>
          </span>
        ))}
      </figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={title}>
        {[0, 0.5, 1].map((part) => {
          const y = above + inner.height * (1 - part);
          return (
            <g key={part} className="axis">
              <line x1={left} x2={width - 8} y1={y} y2={y} />
              <text x={left - 6} y={y + 4} textAnchor="end">
                {valueText(top * part)}
              </text>
            </g>
          );
        })}
        {[0, 0.5, 1].map((part) => (
          <text
            key={part}
            className="axis-time"
            x={left + inner.width * part}
            y={height - 4}
            textAnchor={part === 0 ? 'start' : part === 1 ? 'end' : 'middle'}
          >
            {timeText(from + (to - from) * part)}
          </text>
        ))}
        <g transform={`translate(${left} ${above})`}>
          {series.map(({ name, className, points }) => (
            <polyline key={name} className={className} points={scaled(points, range, inner.width, inner.height)} />
          ))}
        </g>
      </svg>
    </figure>
  );
};
