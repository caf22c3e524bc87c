import { type FormEvent, useState } from 'react';
import { saidId, saidText } from '../../../../src/protocol/say.ts';
import type { Instance } from '../../../../src/state/instances.ts';
import { type Question, questionOf } from '../../../../src/attention/question.ts';
import { Block } from '../../parts/text.tsx';
import { useActions } from '../../shell/use-actions.ts';

/** The line that answers a question, and no other one that the agent asks meanwhile. */
const answerLine = ({ instance, since }: Question, answer: string): string =>
  `answer ${saidId(instance)} since=${since} ${saidText(answer)}`;

/** Several choices are named with commas between them. */
const useChosen = ({ many }: Question) => {
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const toggle = (answer: string): void =>
    setChosen((before) =>
      before.includes(answer) ? before.filter((one) => one !== answer) : many ? [...before, answer] : [answer],
    );
  return { chosen, toggle };
};

type ChoicesProps = {
  readonly question: Question;
  readonly chosen: readonly string[];
  readonly why: string | null;
  readonly onTake: (answer: string) => void;
};

const Choices = ({ question: { choices, many }, chosen, why, onTake }: ChoicesProps) => (
  <div className="choices">
    {choices.map(({ label, help, answer }) => (
      <button
        key={answer}
        type="button"
        className={`choice ${chosen.includes(answer) ? 'chosen' : ''}`}
        disabled={why !== null}
        title={why ?? undefined}
        aria-pressed={many ? chosen.includes(answer) : undefined}
        onClick={() => onTake(answer)}
      >
        <span className="strong">{label}</span>
        {help !== '' && <span className="soft">{help}</span>}
      </button>
    ))}
  </div>
);

/** What an agent asks, with its choices: one tap answers. */
const Form = ({ question }: { readonly question: Question }) => {
  const { run, refusal } = useActions();
  const [words, setWords] = useState('');
  const [isSending, setSending] = useState(false);
  const { chosen, toggle } = useChosen(question);
  const why = refusal(answerLine(question, 'x'));
  const send = async (answer: string): Promise<void> => {
    setSending(true);
    const reply = await run(answerLine(question, answer));
    // What arrived makes the question go away.
    if (reply?.exit !== 0) setSending(false);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const answer = words.trim() === '' ? chosen.join(', ') : words.trim();
    if (answer !== '') void send(answer);
  };
  return (
    <form className="question" onSubmit={submit} aria-busy={isSending} data-question={question.instance}>
      <p className="question-text">{question.text}</p>
      {question.subject !== '' && <Block text={question.subject} className="subject" />}
      <Choices
        question={question}
        chosen={chosen}
        why={isSending ? 'The answer is on its way.' : why}
        onTake={(answer) => (question.many ? toggle(answer) : void send(answer))}
      />
      <div className="row">
        <input
          aria-label={`answer to ${question.instance}`}
          placeholder={question.words}
          value={words}
          disabled={why !== null || isSending}
          onChange={({ target }) => setWords(target.value)}
        />
        <button
          type="submit"
          className="button main"
          disabled={why !== null || isSending || (words.trim() === '' && chosen.length === 0)}
          title={why ?? undefined}
        >
          Answer
        </button>
      </div>
    </form>
  );
};

/** The question of an agent; nothing while it asks nothing. */
export const QuestionForm = ({ instance }: { readonly instance: Instance }) => {
  const question = questionOf(instance);
  return question && <Form key={question.mark} question={question} />;
};
