import { type FormEvent, useState } from 'react';
import { saidId, saidText } from '../../../../src/protocol/say.ts';
import type { Instance } from '../../../../src/state/instances.ts';
import { isAlive } from '../../../../src/state/moves.ts';
import { useNow, useSwarm } from '../../link/use-swarm.ts';
import { hashOf } from '../../model/route.ts';
import { Icon } from '../../parts/icon.tsx';
import { SandboxMarkText, StateMarkText } from '../../parts/mark.tsx';
import { OwnName, useOwnStyle } from '../../parts/own-name.tsx';
import { Words } from '../../parts/text.tsx';
import { useActions } from '../../shell/use-actions.ts';
import { AgentActions } from './agent-actions.tsx';
import { QuestionForm } from './question-form.tsx';
import { TerminalPane } from './terminal-pane.tsx';
import { TypeHere } from './type-here.tsx';

/** A line that the agent is told when its input box is free, once somebody has said that they want to. */
const TellLine = ({ instance: { instance_id: id } }: { readonly instance: Instance }) => {
  const { run, refusal } = useActions();
  const [isOn, setOn] = useState(false);
  const [text, setText] = useState('');
  const lineFor = (words: string): string => `tell ${saidId(id)} ${saidText(words)}`;
  const why = refusal(lineFor('x'));
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (text === '') return;
    const reply = await run(lineFor(text), { quiet: true });
    if (reply?.exit === 0) setText('');
  };
  if (!isOn)
    return (
      <button
        type="button"
        className="button small quiet tell"
        disabled={why !== null}
        title={why ?? lineFor('…')}
        onClick={() => setOn(true)}
      >
        Tell it a line
      </button>
    );
  return (
    <form className="type-line" onSubmit={(event) => void submit(event)}>
      <span aria-hidden="true" className="own strong">
        ›
      </span>
      <input
        // biome-ignore lint/a11y/noAutofocus: who asks to type here wants the keyboard here.
        autoFocus
        aria-label={`tell ${id}`}
        placeholder={`a line for ${id}; Enter sends it, Esc leaves`}
        value={text}
        disabled={why !== null}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={({ key }) => key === 'Escape' && setOn(false)}
      />
    </form>
  );
};

const GONE = 'Nobody is there to read it: the agent is not running.';

/** An agent at large: its terminal, live, with all that can be said of it. */
const AgentPanel = ({ instance }: { readonly instance: Instance }) => {
  const { repository } = useSwarm();
  const { refusal } = useActions();
  const now = useNow();
  const style = useOwnStyle(instance);
  const { instance_id: id, state, branch_name: branch } = instance;
  return (
    <section className="panel agent-panel" style={style} aria-label={`terminal of ${id}`}>
      <header className="panel-head">
        <a className="button icon-only" href={hashOf('agents')} aria-label={`close the terminal of ${id}`}>
          <Icon name="back" />
        </a>
        <h2>
          <OwnName id={id} />
        </h2>
        <StateMarkText mark={state} now={now} />
        <SandboxMarkText instance={instance} />
        <span className="soft cut branch" title={`${repository}: ${branch}`}>
          ⎇ <Words text={branch} />
        </span>
        <AgentActions instance={instance} />
      </header>
      {state.evidence !== undefined && state.kind !== 'working' && state.kind !== 'idle' && (
        <p className="soft evidence cut">
          <Words text={state.evidence} />
        </p>
      )}
      <TypeHere key={id} id={id} why={isAlive(state.kind) ? refusal(`tell ${saidId(id)} "x"`) : GONE}>
        <TerminalPane id={id} />
      </TypeHere>
      <QuestionForm instance={instance} />
      {isAlive(state.kind) && <TellLine key={`tell ${id}`} instance={instance} />}
    </section>
  );
};

export default AgentPanel;
