import { useSwarm } from '../../link/use-swarm.ts';
import { type TimelineBar, timelineOf } from '../../model/metrics.ts';
import { hashOf } from '../../model/route.ts';
import { OwnName, useOwnStyle } from '../../parts/own-name.tsx';

const SHOWN_NAME_PERCENT = 4;

const WORDS: Readonly<Record<TimelineBar['kind'], string>> = { verified: 'done', failed: 'failed', open: 'at work' };

type RowProps = {
  readonly id: string;
  readonly bars: readonly TimelineBar[];
  readonly from: number;
  readonly to: number;
};

const Row = ({ id, bars, from, to }: RowProps) => {
  const { state } = useSwarm();
  const style = useOwnStyle(Object.hasOwn(state.instances, id) ? state.instances[id] : undefined);
  const part = (at: number): number => ((at - from) / Math.max(1, to - from)) * 100;
  return (
    <li className="timeline-row" style={style}>
      <span className="timeline-name cut">
        <OwnName id={id} />
      </span>
      <span className="timeline-bars">
        {bars.map(({ key, task, from: begin, to: end, kind }) => {
          const width = Math.max(0.4, part(end) - part(begin));
          const word = WORDS[kind];
          return (
            <a
              key={key}
              href={hashOf('tasks', task)}
              className={`timeline-bar ${kind}`}
              style={{ left: `${part(begin)}%`, width: `${width}%` }}
              title={`${task}: ${word}`}
              aria-label={`${task} by ${id}: ${word}`}
            >
              {width > SHOWN_NAME_PERCENT ? task : ''}
            </a>
          );
        })}
      </span>
    </li>
  );
};

/** Who did what when: a row for each agent, a bar for each run. */
export const Timeline = ({ from, to }: { readonly from: number; readonly to: number }) => {
  const { state } = useSwarm();
  const rows = [...timelineOf(state, to)].toSorted(([a], [b]) => a.localeCompare(b, undefined, { numeric: true }));
  return (
    <figure className="chart timeline">
      <figcaption className="strong">Who did what when</figcaption>
      <ul>
        {rows.map(([id, bars]) => (
          <Row key={id} id={id} bars={bars} from={from} to={to} />
        ))}
      </ul>
    </figure>
  );
};
