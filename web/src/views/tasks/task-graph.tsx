import { type KeyboardEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { planOrder } from '../../../../src/tasks/select.ts';
import { CRITICAL_MARK, type GraphTask, NODE_MARKS, type NodeState } from '../../../../src/text/graph/graph-data.ts';
import { drawnOf, graphDataOf, isLeft } from '../../../../src/text/graph/graph-of.ts';
import { plural } from '../../../../src/text/wording.ts';
import { useMedia, useSwarm } from '../../link/use-swarm.ts';
import {
  type Direction,
  type GraphLayout,
  inView,
  layGraphOut,
  type Measures,
  neighbourOf,
  type PlacedTask,
} from '../../model/graph-layout.ts';
import { Empty, Words } from '../../parts/text.tsx';
import { useScrollView } from '../../parts/use-scroll-view.ts';
import { TaskNode } from './task-node.tsx';

const DESK: Measures = { width: 196, height: 46, gapX: 64, gapY: 12 };
const PHONE: Measures = { width: 138, height: 44, gapX: 34, gapY: 10 };
/** Where so many tasks are done and others are not, the done ones are folded away at first. */
const MANY = 60;
const ZOOMS = [0.35, 0.5, 0.7, 1, 1.3] as const;

const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};

type DrawingProps = {
  readonly layout: GraphLayout;
  readonly measures: Measures;
  readonly zoom: number;
  readonly isFaint: (task: GraphTask) => boolean;
  readonly open: string | null;
};

/** The task at which somebody would begin to look: one at work, else one that comes next, on the longest chain where there is one. */
const frontOf = ({ tasks }: GraphLayout): PlacedTask | undefined => {
  const rank = ({ task: { state, critical } }: PlacedTask): number =>
    (state === 'running' || state === 'verifying' ? 0 : state === 'ready' ? 2 : state === 'done' ? 8 : 4) +
    (critical ? 0 : 1);
  return tasks.toSorted((a, b) => rank(a) - rank(b))[0];
};

/** Moves a place of the drawing into the middle of what is seen. */
const showPlace = (element: HTMLElement, { x, y }: PlacedTask, { width, height }: Measures, zoom: number): void => {
  element.scrollLeft = (x + width / 2) * zoom - element.clientWidth / 2;
  element.scrollTop = (y + height / 2) * zoom - element.clientHeight / 2;
};

/** The drawing itself: of a large one only what is in view is there. */
const Drawing = ({ layout, measures, zoom, isFaint, open }: DrawingProps) => {
  const scroller = useRef<HTMLElement>(null);
  const view = useScrollView(scroller, zoom);
  const [near, setNear] = useState<string | null>(null);
  const wanted = useRef<string | null>(null);
  const { width, height } = layout;
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a drawing that was not there yet is moved to where things happen.
  useLayoutEffect(() => {
    const front = layout.tasks.find(({ task }) => task.id === open) ?? frontOf(layout);
    if (scroller.current && front) showPlace(scroller.current, front, measures, zoom);
  }, [measures, zoom]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is there when what is in view was drawn.
  useEffect(() => {
    if (wanted.current === null) return;
    const node = scroller.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(wanted.current)}"]`);
    if (!node) return;
    wanted.current = null;
    node.focus({ preventScroll: true });
  }, [view]);
  const onKey = (event: KeyboardEvent, id: string): void => {
    const to = ARROWS[event.key];
    if (!to) return;
    event.preventDefault();
    const next = layout.tasks.find(({ task }) => task.id === neighbourOf(layout, id, to));
    if (!next || !scroller.current) return;
    wanted.current = next.task.id;
    showPlace(scroller.current, next, measures, zoom);
    scroller.current
      .querySelector<HTMLElement>(`[data-node="${CSS.escape(next.task.id)}"]`)
      ?.focus({ preventScroll: true });
  };
  const lines = layout.lines.filter(({ box }) => inView(box, view));
  const shown = layout.tasks.filter(({ task, x, y }) => {
    const box = { left: x, top: y, right: x + measures.width, bottom: y + measures.height };
    return task.id === near || inView(box, view);
  });
  const touching = lines.filter(({ own, others }) => own === near || (near !== null && others.has(near)));
  const beside = new Set(touching.flatMap(({ own, others }) => [own, ...others]));
  return (
    <section
      ref={scroller}
      className={`graph-place ${near === null ? '' : 'pointing'}`}
      aria-label="what waits for what, drawn; the plan says the same as a list"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard.
      tabIndex={0}
    >
      {/* biome-ignore lint/a11y/noSvgWithoutTitle: its boxes are links with names of their own. */}
      <svg className="graph" width={width * zoom} height={height * zoom} viewBox={`0 0 ${width} ${height}`}>
        {lines.map(({ key, path, isCritical, title, box }) => (
          // Lines over several waves lie behind those between neighbours.
          <path
            key={key}
            d={path}
            className={`line ${isCritical ? 'critical' : box.right - box.left > measures.width ? 'far' : ''}`}
          >
            <title>{title}</title>
          </path>
        ))}
        {touching.map(({ key, path }) => (
          <path key={key} d={path} className="line near" />
        ))}
        {layout.knots.map(({ key, x, y, title }) => (
          <circle key={key} className="knot" cx={x} cy={y} r={4}>
            <title>{title}</title>
          </circle>
        ))}
        {shown.map((placed) => (
          <TaskNode
            key={placed.task.id}
            placed={placed}
            measures={measures}
            className={`${isFaint(placed.task) ? 'faint' : ''} ${beside.has(placed.task.id) ? 'beside' : ''} ${placed.task.id === open ? 'open' : ''}`}
            onNear={setNear}
            onKey={onKey}
          />
        ))}
      </svg>
    </section>
  );
};

const Legend = ({ tasks }: { readonly tasks: readonly GraphTask[] }) => (
  <ul className="graph-legend soft">
    {[...Map.groupBy(tasks, ({ state }) => state)].map(([state, some]: [NodeState, readonly GraphTask[]]) => (
      <li key={state} className={`node-key ${state}`}>
        <span aria-hidden="true">{NODE_MARKS[state].glyph}</span> {some.length} {state}
      </li>
    ))}
  </ul>
);

type Props = { readonly filter: string; readonly open: string | null };

/** What waits for what as a drawing, wave after wave from the left; the longest chain of what is left is marked. */
export const TaskGraph = ({ filter, open }: Props) => {
  const { state } = useSwarm();
  const { tasks: known, specs } = state;
  const measures = useMedia('(width < 700px)') ? PHONE : DESK;
  const [zoom, setZoom] = useState<number>(3);
  const all = useMemo(() => drawnOf(planOrder(specs, known).map((id) => known[id]!)), [specs, known]);
  const left = all.filter(isLeft);
  const [isFolded, setFolded] = useState(() => all.length > MANY && left.length > 0);
  const isPart = isFolded && left.length > 0;
  const data = useMemo(
    () => graphDataOf({ tasks: known }, isPart ? all.filter(isLeft) : all, ''),
    [known, all, isPart],
  );
  const layout = useMemo(() => layGraphOut(data, measures), [data, measures]);
  const words = filter.toLowerCase();
  if (all.length === 0) return <Empty text="Nothing is left to do." />;
  return (
    <div className="plan graph-view">
      <div className="graph-head">
        <p className="soft">
          {plural(data.tasks.length, 'task')} in {plural(data.waves.length, 'wave')}
          {data.critical_path.length > 0 && (
            <>
              {' '}
              <span className="yellow">{CRITICAL_MARK}</span> longest chain:{' '}
              <Words text={data.critical_path.join(' → ')} />
            </>
          )}
        </p>
        <Legend tasks={data.tasks} />
        {left.length < all.length && left.length > 0 && (
          <label className="row soft">
            <input type="checkbox" checked={isFolded} onChange={({ target }) => setFolded(target.checked)} />
            only what is left
          </label>
        )}
        <span className="row zooms">
          <button
            type="button"
            className="button small icon-only"
            aria-label="smaller"
            disabled={zoom === 0}
            onClick={() => setZoom(zoom - 1)}
          >
            −
          </button>
          <button
            type="button"
            className="button small icon-only"
            aria-label="larger"
            disabled={zoom === ZOOMS.length - 1}
            onClick={() => setZoom(zoom + 1)}
          >
            +
          </button>
        </span>
      </div>
      <Drawing
        key={isPart ? 'left' : 'all'}
        layout={layout}
        measures={measures}
        zoom={ZOOMS[zoom]!}
        open={open}
        isFaint={({ id, title }) => words !== '' && !`${id} ${title}`.toLowerCase().includes(words)}
      />
    </div>
  );
};
