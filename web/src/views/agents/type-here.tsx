import {
  type ClipboardEvent,
  type FocusEvent,
  type FormEvent,
  type KeyboardEvent,
  useEffect,
  useRef,
  useState,
} from 'react';
import { useKeyboard, useStore } from '../../link/use-swarm.ts';
import { CHORD, isChord, pastedText, pressedIn, typedKey, typedText } from '../../model/typed-keys.ts';
import { OwnName } from '../../parts/own-name.tsx';

/** Keys that keyboards of phones do not have, by their names; what stands on them and what they are called. */
const TOUCH_KEYS = [
  ['esc', 'Esc', 'Escape'],
  ['tab', 'Tab', 'Tab'],
  ['shift+tab', '⇤', 'Shift-Tab'],
  ['ctrl+c', '^C', 'Control-C'],
  ['up', '↑', 'up'],
  ['down', '↓', 'down'],
  ['left', '←', 'left'],
  ['right', '→', 'right'],
  ['enter', '⏎', 'Enter'],
] as const;

/** Stands in the field all the time: keyboards of phones tell of Backspace only where there is something to take away. */
const FILLER = '\u00A0';

/** Takes what was typed out of the field. */
const takeOut = (field: HTMLTextAreaElement): string => {
  const text = field.value.replaceAll(FILLER, '');
  field.value = FILLER;
  field.setSelectionRange(1, 1);
  return text;
};

type FieldProps = { readonly id: string; readonly onTrouble: (trouble: string | null) => void };

/** The field that nobody sees and that hears what is typed, by an input method and the keyboard of a phone as well. */
const KeyField = ({ id, onTrouble }: FieldProps) => {
  const { keyboard } = useStore();
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    // The keys of the page are the agent's now.
    event.stopPropagation();
    const pressed = pressedIn(event.nativeEvent, navigator.platform);
    if (!pressed) return;
    const key = typedKey(pressed);
    if (!isChord(pressed) && key === null) return;
    event.preventDefault();
    if (isChord(pressed)) keyboard.giveBack();
    else if (key !== null) keyboard.type([{ kind: 'key', key }]);
  };
  const onInput = ({ currentTarget, nativeEvent }: FormEvent<HTMLTextAreaElement>): void => {
    const { isComposing, inputType } = nativeEvent as InputEvent;
    if (isComposing) return;
    const text = takeOut(currentTarget);
    keyboard.type(inputType?.startsWith('delete') ? [{ kind: 'key', key: 'backspace' }] : typedText(text));
  };
  const onPaste = (event: ClipboardEvent): void => {
    event.preventDefault();
    const pasted = pastedText(event.clipboardData.getData('text/plain'));
    onTrouble(pasted === null ? 'That is too long to be pasted here: put it into a file.' : null);
    keyboard.type(pasted ?? []);
  };
  const onBlur = ({ currentTarget, relatedTarget }: FocusEvent<HTMLTextAreaElement>): void => {
    const isWithin = relatedTarget instanceof Node && currentTarget.closest('.terminal-frame')?.contains(relatedTarget);
    // Who looks at another window comes back to where they were.
    if (isWithin) setTimeout(() => currentTarget.focus());
    else if (document.hasFocus()) keyboard.giveBack();
  };
  return (
    <textarea
      // biome-ignore lint/a11y/noAutofocus: who asks to type here wants the keyboard here.
      autoFocus
      className="key-field"
      aria-label={`type into ${id}; ${CHORD} gives the keyboard back`}
      autoCapitalize="off"
      autoComplete="off"
      autoCorrect="off"
      spellCheck={false}
      defaultValue={FILLER}
      onKeyDown={onKeyDown}
      onInput={onInput}
      onCompositionEnd={({ currentTarget }) => keyboard.type(typedText(takeOut(currentTarget)))}
      onPaste={onPaste}
      onBlur={onBlur}
    />
  );
};

const TouchKeys = ({ id }: { readonly id: string }) => {
  const { keyboard } = useStore();
  return (
    <fieldset className="touch-keys">
      <legend className="unseen">keys for {id}</legend>
      {TOUCH_KEYS.map(([key, face, name]) => (
        <button
          key={key}
          type="button"
          className="button small"
          aria-label={name}
          // The keyboard of the phone stays where it is.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => keyboard.type([{ kind: 'key', key }])}
        >
          {face}
        </button>
      ))}
    </fieldset>
  );
};

type Props = { readonly id: string; readonly why: string | null; readonly children: React.ReactNode };

/** A terminal into which one can type, once somebody has said that they want to: every key is the agent's then, but one chord. */
export const TypeHere = ({ id, why, children }: Props) => {
  const { keyboard } = useStore();
  const { instance, isOn, ended } = useKeyboard();
  const [trouble, setTrouble] = useState<string | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const isHere = instance === id;
  const wasHere = useRef(false);
  useEffect(() => {
    // Who has left by the keyboard goes on from where they came.
    if (wasHere.current && !isHere && document.activeElement === document.body) button.current?.focus();
    wasHere.current = isHere;
  }, [isHere]);
  useEffect(
    () => () => {
      if (keyboard.state.instance === id) keyboard.giveBack();
    },
    [keyboard, id],
  );
  const said = trouble ?? (ended?.instance === id ? `Nothing more is typed into ${id}: ${ended.message}.` : null);
  return (
    <div className={`terminal-frame ${isHere ? 'typing' : ''}`} data-typing={isHere ? (isOn ? 'on' : 'asked') : 'off'}>
      {isHere && (
        <p className="typing-mark" role="status">
          <span className="typing-dot" aria-hidden="true" />
          <span className="cut">
            {isOn ? 'You type into ' : 'Asking for the keyboard of '}
            <OwnName id={id} />
          </span>
          <button type="button" className="button small" onClick={() => keyboard.giveBack()}>
            Stop <kbd>{CHORD}</kbd>
          </button>
        </p>
      )}
      {children}
      {isHere ? (
        <>
          <KeyField id={id} onTrouble={setTrouble} />
          <TouchKeys id={id} />
        </>
      ) : (
        <button
          ref={button}
          type="button"
          className="button small type-here"
          disabled={why !== null}
          title={why ?? `gives ${id} your keyboard; ${CHORD} takes it back`}
          onClick={() => {
            setTrouble(null);
            keyboard.take(id);
          }}
        >
          Type here
        </button>
      )}
      {said !== null && (
        <p className="soft yellow" role="alert">
          {said}
        </p>
      )}
    </div>
  );
};
