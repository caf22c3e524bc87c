import { type ReactNode, useState } from 'react';
import { useActions } from './use-actions.ts';

type Props = {
  /** The command that the button says. */
  readonly line: string;
  readonly children: ReactNode;
  readonly className?: string;
  /** A name for who does not see what stands around it. */
  readonly label?: string;
  /** The answer shows by what changes on the page. */
  readonly quiet?: boolean;
  readonly onDone?: () => void;
};

/** A button that says a command; where the role does not allow it, or nobody is there to hear it, it says why. */
export const Do = ({ line, children, className = '', label, quiet = false, onDone }: Props) => {
  const { run, refusal } = useActions();
  const [isBusy, setBusy] = useState(false);
  const why = refusal(line);
  const say = async (): Promise<void> => {
    setBusy(true);
    try {
      const reply = await run(line, { quiet });
      if (reply?.exit === 0) onDone?.();
    } finally {
      setBusy(false);
    }
  };
  return (
    <button
      type="button"
      className={`button ${className}`}
      disabled={why !== null || isBusy}
      title={why ?? line}
      aria-label={label}
      data-line={line}
      onClick={() => void say()}
    >
      {children}
    </button>
  );
};
