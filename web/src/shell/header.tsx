import { useMemo } from 'react';
import { finishedText } from '../../../src/attention/attention.ts';
import { leftTextInFull, outlookMs, outlookOf } from '../../../src/attention/outlook.ts';
import { batchProgress, batchUnderWay, stopCommand } from '../../../src/text/batch-progress.ts';
import { paneInstances } from '../../../src/tui/model/instance-list.ts';
import { INSTANCE_MARKS, STATE_ORDER } from '../../../src/tui/model/state-marks.ts';
import type { WebRepository } from '../../../src/web/wire.ts';
import { useAttention, useNow, useSwarm } from '../link/use-swarm.ts';
import { farOf, nextIn } from '../model/far.ts';
import { hashOf } from '../model/route.ts';
import { classOf, Progress } from '../parts/mark.tsx';
import { Words } from '../parts/text.tsx';
import { useActions } from './use-actions.ts';
import { LinkState } from './link-state.tsx';

/** How many agents are in each state. */
const Counts = () => {
  const instances = paneInstances(useSwarm().state.instances);
  return (
    <ul className="counts" aria-label="agents by state">
      {STATE_ORDER.map((kind) => {
        const count = instances.filter(({ state }) => state.kind === kind).length;
        const { glyph, word, style } = INSTANCE_MARKS[kind];
        return count === 0 ? null : (
          <li key={kind} className={classOf(style)}>
            <span aria-hidden="true">{glyph}</span> <span className="numbers">{count}</span>{' '}
            <span className="count-word">{word}</span>
          </li>
        );
      })}
    </ul>
  );
};

/** The one number that somebody who looks up should see, and finished work, said calmly. */
const Needing = () => {
  const attention = useAttention();
  const { needs } = attention;
  const { state } = useSwarm();
  const now = useNow();
  const { fill, refusal } = useActions();
  const batch = batchUnderWay(state.batches);
  const stop = batch ? stopCommand(batch) : null;
  const waits = finishedText(attention);
  return (
    <>
      {needs.length > 0 && (
        <a className="needing" href={hashOf('alerts')}>
          {needs.length === 1 ? '1 needs you' : `${needs.length} need you`}
        </a>
      )}
      {batch ? (
        <>
          <span className="cyan strong">⇄ {batchProgress(batch, now)[0]}</span>
          {stop !== null && (
            <button
              type="button"
              className="button"
              disabled={refusal(stop) !== null}
              title={refusal(stop) ?? stop}
              data-line={stop}
              onClick={() => fill(stop)}
            >
              stop…
            </button>
          )}
        </>
      ) : (
        waits !== '' && (
          <a className="waits cyan" href={hashOf('review')}>
            ✔ {waits}
          </a>
        )
      )}
    </>
  );
};

const Far = () => {
  const { state, surroundings } = useSwarm();
  const isManual = surroundings?.isManual ?? false;
  const now = useNow();
  const far = farOf(state);
  const every = useMemo(() => outlookMs(state), [state]);
  const at = Math.floor(now / every) * every;
  const outlook = useMemo(() => outlookOf(state, at, isManual), [state, at, isManual]);
  const next = nextIn(state, outlook, surroundings);
  const left = leftTextInFull(outlook);
  return (
    <div className="far numbers">
      {far.tasks !== null && (
        <span className="far-tasks">
          <Progress value={far.percent} label={far.inWords} /> {far.tasks}
        </span>
      )}
      {left !== '' && <span className="dim far-left">{left}</span>}
      {far.spent !== '' && <span className="dim far-money">{far.spent}</span>}
      {next !== null && (
        <span className="dim far-next">
          next <Words text={next} />
        </span>
      )}
    </div>
  );
};

type Props = {
  readonly repositories: readonly WebRepository[];
  readonly repo: string;
  readonly onRepo: (id: string) => void;
};

/** The repository, what needs a person, the states of the agents, the progress of the tasks, and the connection. */
export const Header = ({ repositories, repo, onRepo }: Props) => {
  const { repository } = useSwarm();
  return (
    <header className="header">
      <a className="brand" href={hashOf('agents')} aria-label="drover: the agents">
        <span aria-hidden="true">◆</span> <b>drover</b>
      </a>
      {repositories.length > 1 ? (
        <select aria-label="repository" value={repo} onChange={({ target }) => onRepo(target.value)}>
          {repositories.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      ) : (
        <span className="repository dim cut">
          <Words text={repository} />
        </span>
      )}
      <Needing />
      <Counts />
      <Far />
      <LinkState />
    </header>
  );
};
