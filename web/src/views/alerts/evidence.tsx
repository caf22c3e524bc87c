import type { Need } from '../../../../src/attention/needs.ts';
import { suggestionsIn } from '../../../../src/tui/answering/suggestion-list.ts';
import { evidenceCommand, evidenceQueries } from '../../../../src/tui/tabs/alert-evidence.ts';
import { useReader } from '../../link/use-reader.ts';
import { useAnswer } from '../../link/use-swarm.ts';
import { Block, Words } from '../../parts/text.tsx';
import { StepButton } from '../../shell/step-button.tsx';

/** What the answers to the commands that tell the evidence carry. */
type Told = {
  readonly text?: string;
  readonly message?: string;
  readonly output?: string | null;
  readonly last_lines?: readonly string[];
  readonly note?: string | null;
};

const LAST_LINES = 24;
const lastLines = (text: string): string => text.trimEnd().split('\n').slice(-LAST_LINES).join('\n');

/** What there is to see of something that needs a person: what a check printed, the last lines of an agent, a conflict. */
export const Evidence = ({ need }: { readonly need: Need }) => {
  const [query = null] = evidenceQueries(need);
  const reply = useAnswer(query);
  const { maySay } = useReader();
  if (!query) return null;
  if (!reply) return <p className="soft">Looking for it …</p>;
  if (reply.exit !== 0)
    return (
      <p className="soft">
        <Words text={reply.message} />
      </p>
    );
  const told = (reply.data ?? {}) as Told;
  // It was answered to whoever looked then: who looks now may say less.
  const suggestions = suggestionsIn(reply.data).filter(({ command }) => maySay(command));
  const printed = told.output ?? told.text ?? told.last_lines?.join('\n') ?? '';
  const text = need.kind === 'conflict' ? reply.message : printed;
  return (
    <div className="evidence-box">
      {told.message !== undefined && (
        <p className="red">
          <Words text={told.message} />
        </p>
      )}
      {typeof told.note === 'string' && (
        <p className="soft">
          <Words text={told.note} />
        </p>
      )}
      {text !== '' && <Block text={lastLines(text)} />}
      {suggestions.map(({ command, what }) => (
        <p key={command} className="row">
          {/* What resolves a conflict merges: it is read before it is said. */}
          <StepButton command={command} {...(need.kind === 'conflict' ? { kind: 'merge' } : {})} className="small" />
          {what !== null && (
            <span className="soft">
              <Words text={what} />
            </span>
          )}
        </p>
      ))}
      <p className="soft mono">{evidenceCommand(need)}</p>
    </div>
  );
};
