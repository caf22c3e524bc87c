import type { Reply } from '../../ports/swarm.ts';
import { showAnswerOutcome } from '../answering/answer-keys.ts';
import { withUnreadDialog } from '../control/dialog-keys.ts';
import { isAttachCommand } from '../control/is-attach-command.ts';
import { endTyping } from '../panes/typing.ts';
import type { Answer, AnswerOutcome, ScreenState } from './screen-state.ts';

export type ScreenEvent =
  /** The swarm changed, or what is shown of it; `shown` are those of its instances that no filter hides, in order. */
  | { readonly kind: 'instances'; readonly ids: readonly string[]; readonly shown: readonly string[] }
  /** A command was sent; `settled` follows whatever becomes of it. */
  | { readonly kind: 'asked'; readonly command: string }
  | { readonly kind: 'settled'; readonly command: string }
  | { readonly kind: 'replied'; readonly command: string; readonly reply: Reply; readonly queued?: readonly string[] }
  | ({ readonly kind: 'answered' } & AnswerOutcome)
  | { readonly kind: 'failed'; readonly message: string; readonly hint: string | null }
  | { readonly kind: 'noticed'; readonly text: string }
  /** The terminal is ours again, after another program had it. */
  | { readonly kind: 'returned' }
  /** Nobody reads what is typed into this agent any more; without a reason because the person left it. */
  | { readonly kind: 'left'; readonly id: string; readonly reason: string | null };

type Replied = Pick<Extract<ScreenEvent, { readonly kind: 'replied' }>, 'reply' | 'queued'>;

const replied = (
  view: ScreenState,
  command: string,
  { reply, queued = [] }: Replied,
  now: number | undefined,
): ScreenState => {
  const { message, hint, exit, confirm, text } = reply;
  if (confirm && view.dialog) {
    // Whoever is about to answer one question must not answer another.
    const again = queued.length === 0 ? 'Answer this question, then run it again.' : `Not run: ${queued.join('; ')}`;
    return { ...view, answer: { tone: 'note', text: `not done: ${command}`, hint: again } };
  }
  if (confirm) {
    const { targets, loses, token } = confirm;
    // A letter that is meant for something else must not be taken for a Yes.
    const interrupts = view.answering !== null || view.prompt.characters.length > 0;
    const came = now === undefined ? {} : { came: now };
    const dialog = { command, targets, loses, token, queued, yes: false, interrupts, ...came };
    return { ...view, answer: null, page: null, dialog };
  }
  const kept = exit === 0 || queued.length === 0 ? hint : `Not run: ${queued.join('; ')}`;
  const answer: Answer = { tone: exit === 0 ? 'ok' : 'error', text: message, hint: kept };
  const lines = text.trimEnd().split('\n');
  if (lines.length === 1) return { ...view, answer };
  // What the page says need not be said twice.
  return { ...view, answer: exit === 0 ? null : answer, page: { title: command, lines, top: 0 } };
};

/** Folds what happened around the view into it, at this time by the clock of the keys. */
export const reduceScreen = (view: ScreenState, happening: ScreenEvent, now?: number): ScreenState => {
  switch (happening.kind) {
    case 'instances': {
      const { ids, shown } = happening;
      // Who types into an agent that goes away must not type into another one.
      const isOver = view.typing !== null && view.typing.over === null && !ids.includes(view.typing.id);
      const now = isOver ? { ...view, typing: { ...view.typing, over: 'it is gone' } } : view;
      if (view.selected !== null && shown.includes(view.selected)) return now;
      return { ...now, selected: shown[0] ?? null, zoomed: false, scroll: null };
    }
    case 'left': {
      if (view.typing?.id !== happening.id) return view;
      if (happening.reason === null) return endTyping(view);
      return { ...view, typing: { ...view.typing, over: happening.reason } };
    }
    case 'asked':
      return { ...view, running: view.running + 1, handing: view.handing || isAttachCommand(happening.command) };
    case 'settled':
      return { ...view, running: view.running - 1, handing: view.handing && !isAttachCommand(happening.command) };
    case 'replied':
      return replied(view, happening.command, happening, now);
    case 'answered':
      return showAnswerOutcome(view, happening);
    case 'returned':
      return now === undefined ? view : withUnreadDialog(view, now);
    case 'noticed':
      return { ...view, answer: { tone: 'note', text: happening.text, hint: null } };
    case 'failed': {
      const answer: Answer = { tone: 'error', text: happening.message, hint: happening.hint };
      return { ...view, answer };
    }
  }
};
