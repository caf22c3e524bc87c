import type { KeyboardEvent } from 'react';
import { shorten, shownLine } from '../../../../src/lib/text.ts';
import { CRITICAL_MARK, type GraphTask, NODE_MARKS } from '../../../../src/text/graph/graph-data.ts';
import { useSwarm } from '../../link/use-swarm.ts';
import type { Measures, PlacedTask } from '../../model/graph-layout.ts';
import { hashOf } from '../../model/route.ts';
import { useOwnStyle } from '../../parts/own-name.tsx';

/** So wide is a letter of a title about, in pixels. */
const LETTER = 6.1;

type NodeProps = {
  readonly placed: PlacedTask;
  readonly measures: Measures;
  readonly className: string;
  readonly onNear: (id: string | null) => void;
  readonly onKey: (event: KeyboardEvent, id: string) => void;
};

const saysOf = ({ id, title, state, critical, needs }: GraphTask): string =>
  [
    `${id} ${shownLine(title)}, ${state}`,
    ...(critical ? ['on the longest chain'] : []),
    ...(needs.length > 0 ? [`after ${needs.map((need) => need.id).join(', ')}`] : []),
  ].join(', ');

/** A task as a box that opens it. */
export const TaskNode = ({
  placed: { task, x, y },
  measures: { width, height },
  className,
  onNear,
  onKey,
}: NodeProps) => {
  const { state } = useSwarm();
  const { id, title, state: kind, critical } = task;
  const who = kind === 'running' || kind === 'verifying' ? state.tasks[id]?.run?.instance : undefined;
  const style = useOwnStyle(
    who !== undefined && Object.hasOwn(state.instances, who) ? state.instances[who] : undefined,
  );
  const letters = Math.floor((width - 20) / LETTER);
  return (
    <a
      href={hashOf('tasks', id)}
      className={`node ${kind} ${critical ? 'critical' : ''} ${className}`}
      data-node={id}
      onPointerEnter={() => onNear(id)}
      onPointerLeave={() => onNear(null)}
      onFocus={() => onNear(id)}
      onBlur={() => onNear(null)}
      onKeyDown={(event) => onKey(event, id)}
    >
      <title>{saysOf(task)}</title>
      <rect className="node-box" x={x} y={y} width={width} height={height} rx={7} />
      {who !== undefined && (
        <rect style={style} className="node-own" x={x} y={y + 6} width={4} height={height - 12} rx={2} />
      )}
      <text x={x + 11} y={y + 18} className="node-id">
        <tspan className="node-glyph">{NODE_MARKS[kind].glyph}</tspan> {shorten(shownLine(id), letters - 4)}
      </text>
      {critical && (
        <text x={x + width - 10} y={y + 18} className="node-star" textAnchor="end">
          {CRITICAL_MARK}
        </text>
      )}
      <text x={x + 11} y={y + 35} className="node-title">
        {shorten(shownLine(title), letters)}
      </text>
    </a>
  );
};
