import { type FormEvent, useState } from 'react';
import { quote } from '../../../../src/protocol/lex.ts';
import { saidId } from '../../../../src/protocol/say.ts';
import type { Instance } from '../../../../src/state/instances.ts';
import { isAlive } from '../../../../src/state/moves.ts';
import { useNow, useSwarm } from '../../link/use-swarm.ts';
import { hashOf } from '../../model/route.ts';
import { Icon } from '../../parts/icon.tsx';
import { StateMarkText } from '../../parts/mark.tsx';
import { OwnName, useOwnStyle } from '../../parts/own-name.tsx';
import { Words } from '../../parts/text.tsx';
import { useActions } from '../../shell/use-actions.ts';
import { AgentActions } from './agent-actions.tsx';
import { QuestionForm } from './question-form.tsx';
import { TerminalPane } from './terminal-pane.tsx';

/** A line that is typed into the agent, once somebody has said that they want to. */
const TypeHere = ({ instance: { instance_id: id } }: { readonly instance: Instance }) => {
  const { run, refusal } = useActions();
  const [isOn, setOn] = useState(false);
  const [text, setText] = useState('');
  const lineFor = (words: string): string => `tell ${saidId(id)} ${quote(words, true)}`;
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
        className="button small type-here"
        disabled={why !== null}
        title={why ?? `types a line into ${id}`}
        onClick={() => setOn(true)}
      >
        Type here
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
        aria-label={`type into ${id}`}
        placeholder={`a line for ${id}; Enter sends it, Esc leaves`}
        value={text}
        disabled={why !== null}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={({ key }) => key === 'Escape' && setOn(false)}
      />
    </form>
  );
};

/** An agent at large: its terminal, live, with all that can be said of it. */
const AgentPanel = ({ instance }: { readonly instance: Instance }) => {
  const { repository } = useSwarm();
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
      <TerminalPane id={id} />
      <QuestionForm instance={instance} />
      {isAlive(state.kind) && <TypeHere instance={instance} />}
    </section>
  );
};

export default AgentPanel;
