import { lazy, Suspense, useState } from 'react';
import { welcomeOf } from '../../../../src/attention/welcome.ts';
import { filterInstances, paneInstances } from '../../../../src/tui/model/instance-list.ts';
import { useAttention, useSwarm } from '../../link/use-swarm.ts';
import { Words } from '../../parts/text.tsx';
import { StepButton } from '../../shell/step-button.tsx';
import { AgentCard } from './agent-card.tsx';

// The emulator is half of the page, and is there once somebody looks at a terminal.
const AgentPanel = lazy(() => import('./agent-panel.tsx'));

/** From so many agents on there is something to be narrowed. */
const MANY = 6;

/** How things are, and how to go on, where no agent is. */
const Welcome = () => {
  const { state, surroundings } = useSwarm();
  const { title, offers } = welcomeOf(state, useAttention(), surroundings);
  return (
    <section className="welcome">
      <h2>
        <Words text={title} />
      </h2>
      {offers.map(({ why, commands, isForShell }) => (
        <p key={`${why} ${commands[0]}`}>
          {why !== '' && (
            <span className="dim">
              <Words text={why} />{' '}
            </span>
          )}
          {commands.map((command) =>
            isForShell ? (
              <code key={command}>{command}</code>
            ) : (
              <StepButton key={command} command={command} kind="launch" />
            ),
          )}
        </p>
      ))}
    </section>
  );
};

/** The agents as cards; the terminal of the one that is open stands beside them. */
export const AgentsView = ({ open }: { readonly open: string | null }) => {
  const { state } = useSwarm();
  const [filter, setFilter] = useState('');
  const all = paneInstances(state.instances);
  const shown = filterInstances(all, state, filter);
  const opened = open === null ? undefined : state.instances[open];
  if (all.length === 0) return <Welcome />;
  return (
    <div className={`agents ${opened ? 'with-panel' : ''}`}>
      <section className="agents-list" aria-label="agents">
        {all.length >= MANY && (
          <input
            type="search"
            className="filter"
            placeholder="Narrow: name, state, task, branch"
            aria-label="narrow the agents"
            value={filter}
            onChange={({ target }) => setFilter(target.value)}
          />
        )}
        <div className="cards">
          {shown.map((instance) => (
            <AgentCard key={instance.instance_id} instance={instance} isOpen={instance.instance_id === open} />
          ))}
        </div>
        {shown.length === 0 && <p className="empty">No agent has that.</p>}
      </section>
      {opened && (
        <Suspense fallback={<p className="empty">…</p>}>
          <AgentPanel key={opened.instance_id} instance={opened} />
        </Suspense>
      )}
    </div>
  );
};
