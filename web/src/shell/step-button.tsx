import type { Step } from '../../../src/attention/step.ts';
import { suggestionText } from '../../../src/tui/answering/suggestion.ts';
import { actionOf } from '../model/step-action.ts';
import { Words } from '../parts/text.tsx';
import { Do } from './do.tsx';
import { useActions } from './use-actions.ts';

type Props = { readonly command: string; readonly kind?: Step['kind']; readonly className?: string };

/** The button for a command that is proposed. */
export const StepButton = ({ command, kind, className = '' }: Props) => {
  const { go, fill, refusal } = useActions();
  const action = actionOf(command, kind);
  const text = <Words text={action.kind === 'go' ? action.word : suggestionText(command)} />;
  if (action.kind === 'run')
    return (
      <Do line={action.line} className={className}>
        {text}
      </Do>
    );
  const take = (): void => (action.kind === 'go' ? go(action.view, action.subject) : fill(action.line));
  const why = action.kind === 'go' ? null : refusal(action.line);
  return (
    <button
      type="button"
      className={`button ${className}`}
      disabled={why !== null}
      title={why ?? undefined}
      data-line={command}
      onClick={take}
    >
      {text}
    </button>
  );
};
