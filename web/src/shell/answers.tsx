import { useEffect, useRef } from 'react';
import type { Reply } from '../../../src/ports/swarm.ts';
import { Icon } from '../parts/icon.tsx';
import { Block, Words } from '../parts/text.tsx';

/** An answer on the page: to which line, and what it was. */
export type Answer = { readonly key: number; readonly line: string; readonly reply: Reply };

/** How long an answer of one sentence stays, in milliseconds. */
const STAYS_MS = 6000;

const isLong = ({ text, message }: Reply): boolean => text.trim() !== '' && text.trim() !== message.trim();

/** The answer to the last command: one sentence that goes by itself, or a table that stays until it is closed. */
export const AnswerPanel = ({ answer, onClose }: { readonly answer: Answer | null; readonly onClose: () => void }) => {
  const isBrief = answer !== null && answer.reply.exit === 0 && !isLong(answer.reply);
  useEffect(() => {
    if (!isBrief) return undefined;
    const timer = setTimeout(onClose, STAYS_MS);
    return () => clearTimeout(timer);
  }, [isBrief, onClose]);
  const reply = answer?.reply;
  return (
    <output className="answers" aria-live="polite">
      {reply && (
        <div className={`answer ${reply.exit === 0 ? 'fine' : 'trouble'}`}>
          <div className="answer-head">
            <span className={reply.exit === 0 ? 'green' : 'red strong'} aria-hidden="true">
              {reply.exit === 0 ? '✔' : '✖'}
            </span>
            <div className="answer-text">
              <p>
                <Words text={reply.message} />
              </p>
              {reply.hint !== null && (
                <p className="dim">
                  <Words text={reply.hint} />
                </p>
              )}
            </div>
            <button type="button" className="button icon-only" aria-label="close the answer" onClick={onClose}>
              <Icon name="close" />
            </button>
          </div>
          {isLong(reply) && <Block text={reply.text} />}
        </div>
      )}
    </output>
  );
};

/** A loss that has to be confirmed. */
export type Asking = { readonly line: string; readonly confirm: NonNullable<Reply['confirm']> };

type AskProps = { readonly asking: Asking; readonly onAnswer: (yes: boolean) => void };

/** Asks before something is lost, as the prompt bar does. */
export const ConfirmDialog = ({ asking: { line, confirm }, onAnswer }: AskProps) => {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby="confirm-title"
      onCancel={(event) => {
        event.preventDefault();
        onAnswer(false);
      }}
    >
      <h2 id="confirm-title">
        <Words text={line} />
      </h2>
      <p>
        This loses: <Words text={confirm.loses} />
      </p>
      {confirm.targets.length > 0 && (
        <p className="soft mono">
          <Words text={confirm.targets.join(', ')} />
        </p>
      )}
      <div className="row end">
        <button type="button" className="button" onClick={() => onAnswer(false)}>
          Leave it
        </button>
        <button type="button" className="button danger" onClick={() => onAnswer(true)}>
          Do it
        </button>
      </div>
    </dialog>
  );
};
