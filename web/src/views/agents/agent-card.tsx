import { memo } from 'react';
import { entryOf } from '../../../../src/lib/entry.ts';
import type { Instance } from '../../../../src/state/instances.ts';
import { totalTokens } from '../../../../src/state/usage.ts';
import { moneyText, tokensText } from '../../../../src/text/cost-rows.ts';
import { conflictsAt, isClash } from '../../../../src/state/conflicts.ts';
import { currentTask, lastRunOf } from '../../../../src/tui/model/instance-list.ts';
import { lastWords } from '../../../../src/tui/panes/last-work.ts';
import { useNow, useSwarm } from '../../link/use-swarm.ts';
import type { UseSample } from '../../model/resource-history.ts';
import { hashOf } from '../../model/route.ts';
import { Sparkline } from '../../parts/line-chart.tsx';
import { Progress, SandboxMarkText, StateMarkText } from '../../parts/mark.tsx';
import { useOwnStyle } from '../../parts/own-name.tsx';
import { Words } from '../../parts/text.tsx';
import { AgentActions } from './agent-actions.tsx';
import { QuestionForm } from './question-form.tsx';

const memoryText = (mb: number): string => (mb < 1000 ? `${Math.round(mb)} MB` : `${(mb / 1024).toFixed(1)} GB`);

/** A curve has at least this height: a core, and a part of a gigabyte. */
const CORE = 100;
const MEMORY_MB = 256;

const Uses = ({ id, samples }: { readonly id: string; readonly samples: readonly UseSample[] }) => {
  const last = samples.at(-1);
  if (!last) return <div className="uses" />;
  return (
    <div className="uses numbers soft">
      <span className="use">
        <Sparkline
          points={samples.map(({ at, cpu }) => ({ x: at, y: cpu }))}
          label={`processor of ${id}`}
          most={CORE}
          className="cpu"
        />
        {Math.round(last.cpu)}%
      </span>
      <span className="use">
        <Sparkline
          points={samples.map(({ at, memory }) => ({ x: at, y: memory }))}
          label={`memory of ${id}`}
          most={MEMORY_MB}
          className="memory"
        />
        {memoryText(last.memory)}
      </span>
    </div>
  );
};

const Cost = ({ id }: { readonly id: string }) => {
  const { usage } = useSwarm().state;
  const spent = entryOf(usage.instances, id);
  if (!spent || totalTokens(spent) + spent.usd === 0) return null;
  return (
    <span className="soft numbers cost" title={`${tokensText(totalTokens(spent))} tokens in ${spent.turns} turns`}>
      {spent.usd > 0 ? moneyText(spent) : `${tokensText(totalTokens(spent))} tok`}
    </span>
  );
};

const Work = ({ instance }: { readonly instance: Instance }) => {
  const { state } = useSwarm();
  const task = currentTask(instance, state.tasks);
  const past = lastRunOf(state.tasks, instance.instance_id);
  const last = task ?? past?.task;
  if (!last) return <p className="work dim">No task yet.</p>;
  const queued = instance.task_assignments.length - (task ? 1 : 0);
  return (
    <div className="work">
      <p className={`cut ${task ? '' : 'dim'}`}>
        <a className="mono task-id" href={hashOf('tasks', last.id)}>
          {last.id}
        </a>{' '}
        <Words text={last.title} />
        {!task && past && ` · ${lastWords(past)}`}
      </p>
      {task?.run && (
        <div className="far-line numbers soft">
          <Progress
            value={task.run.progress}
            label={`${task.id} of ${instance.instance_id}`}
            className="own-progress"
          />
          {Math.round(task.run.progress)}%
          <span className="cut note">{task.run.note !== null && <Words text={task.run.note} />}</span>
          {queued > 0 && <span>+{queued}</span>}
        </div>
      )}
    </div>
  );
};

type Props = { readonly instance: Instance; readonly isOpen: boolean };

/** An agent in its colour: what it does, how far, what that takes, and what it asks. */
const Card = ({ instance, isOpen }: Props) => {
  const { state, uses } = useSwarm();
  const now = useNow();
  const style = useOwnStyle(instance);
  const { instance_id: id } = instance;
  const clashes = conflictsAt(state.predicted, id).filter(isClash).length;
  return (
    <article
      className={`card ${isOpen ? 'open' : ''} ${instance.state.kind === 'waiting' ? 'asks' : ''}`}
      style={style}
      data-instance={id}
      data-state={instance.state.kind}
      aria-labelledby={`agent-${id}`}
    >
      <header className="card-head">
        <h2 id={`agent-${id}`} className="mono">
          <a className="own" href={hashOf('agents', id)}>
            <Words text={id} />
          </a>
        </h2>
        <span className="soft agent-kind cut">
          <Words text={instance.agent} />
          {instance.group !== null && ` · ${instance.group}`}
        </span>
        <SandboxMarkText instance={instance} />
        <StateMarkText mark={instance.state} now={now} />
      </header>
      <Work instance={instance} />
      <QuestionForm instance={instance} />
      {clashes > 0 && (
        <a className="clash yellow soft" href={hashOf('worktrees')}>
          ⚡ would conflict with {clashes === 1 ? 'another agent' : `${clashes} other agents`}
        </a>
      )}
      <footer className="card-foot">
        <Uses id={id} samples={uses.get(id) ?? []} />
        <Cost id={id} />
        <AgentActions instance={instance} isTerse />
      </footer>
    </article>
  );
};

export const AgentCard = memo(Card);
