import { useEffect, useRef } from 'react';

const KEYS: readonly (readonly [key: string, what: string])[] = [
  ['1 – 8', 'the views'],
  [':  Ctrl-K', 'say a command'],
  ['n', 'next waiting'],
  ['/', 'search, or narrow what is shown'],
  ['Tab  Enter', 'walk through what can be done, and do it'],
  ['← →', 'on a card of the board: put it into the next column'],
  ['Esc', 'close, or leave the line'],
  ['?', 'these keys'],
];

/** The keys of the page. */
export const HelpDialog = ({ onClose }: { readonly onClose: () => void }) => {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="help-title" onClose={onClose}>
      <h2 id="help-title">Keys</h2>
      <dl className="keys">
        {KEYS.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p className="soft">Everything that a button does is a command; pointing at it shows which one.</p>
      <form method="dialog" className="row end">
        <button type="submit" className="button main">
          Close
        </button>
      </form>
    </dialog>
  );
};
