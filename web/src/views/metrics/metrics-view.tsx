import { useEffect, useMemo, useState } from 'react';
import { formatDuration } from '../../../../src/lib/duration.ts';
import { totalTokens } from '../../../../src/state/usage.ts';
import { uncheckedNote } from '../../../../src/tasks/done-count.ts';
import { moneyText, tokensText } from '../../../../src/text/cost-rows.ts';
import { paneInstances } from '../../../../src/tui/model/instance-list.ts';
import type { PastPoint } from '../../../../src/web/wire.ts';
import { useNow, useStore, useSwarm } from '../../link/use-swarm.ts';
import { curvesOf, figuresOf, isVerified, runsOf } from '../../model/metrics.ts';
import { joined, sampleCurve, sampleOf } from '../../model/swarm-samples.ts';
import { LineChart } from '../../parts/line-chart.tsx';
import { OwnName } from '../../parts/own-name.tsx';
import { Empty } from '../../parts/text.tsx';
import { Timeline } from './timeline.tsx';

const count = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(1));

const Figure = ({ name, value, note }: { readonly name: string; readonly value: string; readonly note?: string }) => (
  <div className="figure">
    <dt className="soft">{name}</dt>
    <dd className="numbers">
      {value} {note !== undefined && <span className="soft">{note}</span>}
    </dd>
  </div>
);

const Figures = () => {
  const { state } = useSwarm();
  const { done, total, unchecked, verified, failed, held, usualMs, merged, needing } = figuresOf(state);
  const spent = totalTokens(state.usage.swarm);
  return (
    <dl className="figures">
      <Figure name="done" value={`${done}`} note={`of ${total}${uncheckedNote(unchecked)}`} />
      <Figure name="merged" value={`${merged}`} />
      <Figure name="runs done" value={`${verified}`} note={failed > 0 ? `${failed} failed` : ''} />
      <Figure name="passed check and gates" value={held === null ? '–' : `${Math.round(held * 100)}%`} />
      <Figure name="a task takes" value={usualMs === null ? '–' : formatDuration(usualMs)} note="median" />
      <Figure name="need you" value={`${needing}`} />
      <Figure name="tokens" value={spent === 0 ? '–' : tokensText(spent)} />
      <Figure name="money" value={state.usage.swarm.usd === 0 ? '–' : moneyText(state.usage.swarm)} />
    </dl>
  );
};

const Agents = () => {
  const { state } = useSwarm();
  const all = runsOf(Object.values(state.tasks));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: on a phone it scrolls sideways, by the keyboard too.
    <section className="table-scroll" tabIndex={0} aria-label="what each agent did">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">agent</th>
            <th scope="col">done</th>
            <th scope="col">failed</th>
            <th scope="col">tokens</th>
            <th scope="col">money</th>
          </tr>
        </thead>
        <tbody>
          {paneInstances(state.instances).map(({ instance_id: id }) => {
            const own = all.filter(({ instance }) => instance === id);
            const spent = Object.hasOwn(state.usage.instances, id) ? state.usage.instances[id] : undefined;
            return (
              <tr key={id}>
                <th scope="row">
                  <OwnName id={id} />
                </th>
                <td className="numbers green">{own.filter(isVerified).length}</td>
                <td className="numbers">{own.filter(({ failure }) => failure !== null).length}</td>
                <td className="numbers">{spent ? tokensText(totalTokens(spent)) : '–'}</td>
                <td className="numbers">{spent && spent.usd > 0 ? moneyText(spent) : '–'}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
};

/** How it was before the page was opened; nothing before it is there, and where nobody can tell. */
const usePast = (): readonly PastPoint[] => {
  const store = useStore();
  const [points, setPoints] = useState<readonly PastPoint[]>([]);
  useEffect(() => {
    let isOpen = true;
    store.history().then(
      (answer) => isOpen && setPoints(answer.points),
      // The curves begin with the page then.
      () => undefined,
    );
    return () => {
      isOpen = false;
    };
  }, [store]);
  return points;
};

type OverTimeProps = { readonly from: number; readonly to: number; readonly timeText: (at: number) => string };

/** How many waited and what was spent: from the journal, and since the page is open as it was seen. */
const OverTime = ({ from, to, timeText }: OverTimeProps) => {
  const { samples, state } = useSwarm();
  const past = usePast();
  const last = useMemo(() => sampleOf(state, to), [state, to]);
  const all = useMemo(() => joined(past, samples, last), [past, samples, last]);
  const begin = Math.min(from, all[0]!.at);
  const span = { from: begin, to, timeText };
  const hasMoney = state.usage.swarm.usd > 0;
  const curve = (of: (point: PastPoint) => number) => sampleCurve(all, of, begin);
  return (
    <>
      <LineChart
        {...span}
        title="Wait for you"
        valueText={count}
        series={[{ name: 'agents', className: 'series-yellow', points: curve(({ waiting }) => waiting) }]}
      />
      {(hasMoney || last.tokens > 0) && (
        <LineChart
          {...span}
          title={hasMoney ? 'Money' : 'Tokens'}
          valueText={hasMoney ? (value) => `$${value.toFixed(2)}` : (value) => tokensText(Math.round(value))}
          series={[
            { name: 'spent', className: 'series-blue', points: curve(({ usd, tokens }) => (hasMoney ? usd : tokens)) },
          ]}
        />
      )}
    </>
  );
};

/** How much is done, how quickly, by whom, and what it takes. */
const MetricsView = () => {
  const { state } = useSwarm();
  const now = useNow();
  const curves = curvesOf(state, now);
  const timeText = (at: number): string =>
    now - at < 1000 ? 'now' : `${formatDuration(Math.round((now - at) / 1000) * 1000)} ago`;
  return (
    <section className="metrics scroll" aria-label="metrics">
      <Figures />
      {curves ? (
        <div className="charts">
          <LineChart
            title="Runs"
            from={curves.from}
            to={now}
            valueText={count}
            timeText={timeText}
            series={[
              { name: 'done', className: 'series-green', points: curves.verified },
              { name: 'failed', className: 'series-red', points: curves.failed },
            ]}
          />
          <LineChart
            title="At work"
            from={curves.from}
            to={now}
            valueText={count}
            timeText={timeText}
            series={[{ name: 'agents', className: 'series-blue', points: curves.working }]}
          />
          <OverTime from={curves.from} to={now} timeText={timeText} />
          <Timeline from={curves.from} to={now} />
        </div>
      ) : (
        <Empty text="Nothing has run yet." command="run all ready tasks" />
      )}
      <Agents />
    </section>
  );
};

export default MetricsView;
