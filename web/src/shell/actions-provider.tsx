import { type ReactNode, useCallback, useEffect, useMemo, useState } from 'react';
import type { Reply } from '../../../src/ports/swarm.ts';
import { ApiError } from '../link/api.ts';
import { useLanguage } from '../link/use-language.ts';
import { useReader } from '../link/use-reader.ts';
import { useStore, useSwarm } from '../link/use-swarm.ts';
import { lackOf } from '../model/may-say.ts';
import { hashOf } from '../model/route.ts';
import { type Answer, AnswerPanel, type Asking, ConfirmDialog } from './answers.tsx';
import { type Actions, ActionsContext } from './use-actions.ts';

type Question = { readonly asking: Asking; readonly answer: (yes: boolean) => void };

const failed = ({ message, hint }: ApiError): Reply => ({
  exit: 1,
  message,
  hint: hint === '' ? null : hint,
  text: '',
  data: null,
  sideEffects: [],
  elapsedMs: 0,
  correlation: '',
  confirm: null,
});

type Props = {
  readonly fill: (line: string) => void;
  readonly children: ReactNode;
};

const NOBODY_HEARS = 'There is no connection: nothing can be said now.';

let answered = 0;

/** Lets everything below say commands, and shows what is asked and answered. */
export const ActionsProvider = ({ fill, children }: Props) => {
  const { say } = useStore();
  const { link } = useSwarm();
  const language = useLanguage();
  const { reader } = useReader();
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [question, setQuestion] = useState<Question | null>(null);
  const run = useCallback<Actions['run']>(
    async (line, { quiet = false } = {}) => {
      const show = (reply: Reply): Reply => {
        answered += 1;
        if (!quiet || reply.exit !== 0) setAnswer({ key: answered, line, reply });
        return reply;
      };
      try {
        const reply = await say(line);
        if (reply.confirm === null) return show(reply);
        const { promise, resolve } = Promise.withResolvers<boolean>();
        setQuestion({ asking: { line, confirm: reply.confirm }, answer: resolve });
        const yes = await promise;
        setQuestion(null);
        return yes ? show(await say(line, { confirm: reply.confirm.token })) : null;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        return show(failed(error));
      }
    },
    [say],
  );
  const actions = useMemo<Actions>(
    () => ({
      run,
      fill,
      go: (view, subject = null) => {
        window.location.hash = hashOf(view, subject);
      },
      refusal: (line) => (link === 'live' ? lackOf(line, reader, language) : NOBODY_HEARS),
    }),
    [run, fill, reader, language, link],
  );
  const close = useCallback(() => setAnswer(null), []);
  useEffect(() => {
    const onEscape = ({ key }: KeyboardEvent): void => {
      if (key === 'Escape') close();
    };
    window.addEventListener('keydown', onEscape);
    return () => window.removeEventListener('keydown', onEscape);
  }, [close]);
  return (
    <ActionsContext value={actions}>
      {children}
      <AnswerPanel key={answer?.key ?? 0} answer={answer} onClose={close} />
      {question && <ConfirmDialog asking={question.asking} onAnswer={question.answer} />}
    </ActionsContext>
  );
};
