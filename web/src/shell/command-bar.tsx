import { type KeyboardEvent, type RefObject, useMemo, useState } from 'react';
import { useReader } from '../link/use-reader.ts';
import { useForecast, useSwarm } from '../link/use-swarm.ts';
import { useLanguage } from '../link/use-language.ts';
import { candidatesFor, hintOf, withCandidate } from '../model/completion.ts';
import { Words } from '../parts/text.tsx';
import type { Candidate, Hint } from '../../../src/ports/hint.ts';
import { askingText, doubtText } from '../../../src/text/hint-words.ts';
import { useActions } from './use-actions.ts';

/** What a command that is understood would do; that it asks first stands there, whatever else is cut. */
const Foretold = ({ hint }: { readonly hint: Extract<Hint, { kind: 'ok' }> }) => {
  const [asking, doubt] = [askingText(hint), doubtText(hint)];
  return (
    <>
      {asking !== undefined && <b className="yellow">{asking}: </b>}
      <span className={doubt === undefined ? 'green' : 'dim'}>
        {doubt === undefined ? '✔' : '·'} <Words text={hint.says} />
        {doubt !== undefined && `   ${doubt}`}
      </span>
    </>
  );
};

const HintText = ({ hint }: { readonly hint: Hint }) => {
  switch (hint.kind) {
    case 'ok':
      return <Foretold hint={hint} />;
    case 'incomplete':
      return (
        <span className="dim">
          … <Words text={hint.expects.join('  ')} />
        </span>
      );
    case 'error':
      return (
        <span className="red">
          ✖ <Words text={hint.message} />
          {(hint.suggestion ?? hint.help) !== undefined && (
            <span className="dim">
              {' '}
              <Words text={hint.suggestion === undefined ? hint.help! : `Did you mean: ${hint.suggestion}`} />
            </span>
          )}
        </span>
      );
  }
};

type MenuProps = {
  readonly candidates: readonly Candidate[];
  readonly at: number;
  readonly onTake: (word: string) => void;
};

const Menu = ({ candidates, at, onTake }: MenuProps) => (
  <div className="candidates" id="candidates" role="listbox" aria-label="words that may follow">
    {candidates.map(({ word, help }, i) => (
      <div
        key={word}
        id={`candidate-${i}`}
        role="option"
        tabIndex={-1}
        aria-selected={i === at}
        className={i === at ? 'at' : ''}
        // The line keeps the keyboard.
        onMouseDown={(event) => {
          event.preventDefault();
          onTake(word);
        }}
      >
        <code>{word}</code>
        <span className="dim cut">
          <Words text={help} />
        </span>
      </div>
    ))}
  </div>
);

type Props = {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly input: RefObject<HTMLInputElement | null>;
};

const HISTORY = 50;
const wrap = (at: number, count: number): number => (at + count) % count;

/** What was said before, to be walked through. */
const useHistory = (onText: (text: string) => void) => {
  const [said, setSaid] = useState<readonly string[]>([]);
  const [at, setAt] = useState(-1);
  return {
    add: (line: string): void => {
      setSaid((before) => [line, ...before.filter((one) => one !== line)].slice(0, HISTORY));
      setAt(-1);
    },
    step: (by: 1 | -1): void => {
      const next = Math.max(-1, Math.min(said.length - 1, at + by));
      setAt(next);
      onText(said[next] ?? '');
    },
  };
};

/** The line in which commands are typed, with what may follow and what it would do. */
export const CommandBar = ({ text, onText, input }: Props) => {
  const language = useLanguage();
  const { state } = useSwarm();
  const { reader } = useReader();
  const { run } = useActions();
  const [isOpen, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const history = useHistory(onText);
  const { candidates, read } = useMemo(
    () =>
      language === null || text === ''
        ? { candidates: [], read: null }
        : { candidates: candidatesFor(text, language, state), read: hintOf(text, language, reader) },
    [language, text, state, reader],
  );
  const hint = useForecast(text, read);
  const isMenu = isOpen && candidates.length > 0;
  const take = (word: string): void => {
    onText(withCandidate(text, word));
    setAt(-1);
  };
  const submit = (): void => {
    const line = text.trim();
    if (line === '') return;
    history.add(line);
    onText('');
    setOpen(false);
    setAt(-1);
    void run(line);
  };
  const onMenuKey = (key: string): boolean => {
    if (!isMenu) return false;
    if (key === 'ArrowDown' || key === 'ArrowUp') {
      setAt(wrap(key === 'ArrowDown' ? at + 1 : Math.max(at, 0) - 1, candidates.length));
      return true;
    }
    const chosen = candidates[Math.max(0, at)];
    if (chosen && (key === 'Tab' || (key === 'Enter' && at >= 0))) {
      take(chosen.word);
      return true;
    }
    return false;
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    const { key } = event;
    if (onMenuKey(key)) {
      event.preventDefault();
      return;
    }
    if (key === 'Enter') submit();
    else if (key === 'ArrowUp') history.step(1);
    else if (key === 'ArrowDown') history.step(-1);
    else if (key === 'Escape' && isMenu) setOpen(false);
    else if (key === 'Escape') input.current?.blur();
    else return;
    event.preventDefault();
  };
  return (
    <search className="command">
      {isMenu && <Menu candidates={candidates} at={at} onTake={take} />}
      <div className="command-line">
        <span aria-hidden="true" className="cyan strong">
          ›
        </span>
        <input
          ref={input}
          value={text}
          placeholder="Say a command: launch 3 instances, run all ready tasks, …"
          aria-label="command"
          role="combobox"
          aria-expanded={isMenu}
          aria-controls="candidates"
          aria-autocomplete="list"
          aria-activedescendant={isMenu && at >= 0 ? `candidate-${at}` : undefined}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          enterKeyHint="send"
          onChange={({ target }) => {
            onText(target.value);
            setOpen(true);
            setAt(-1);
          }}
          onBlur={() => setOpen(false)}
          onKeyDown={onKeyDown}
        />
        <kbd className="key dim">:</kbd>
        <button type="button" className="button main say" onClick={submit} disabled={text.trim() === ''}>
          Say
        </button>
      </div>
      <p className="hint cut" aria-live="polite">
        {hint && <HintText hint={hint} />}
      </p>
    </search>
  );
};
