import { typedFrames } from '../../../src/web/typed-frames.ts';
import type { PageFrame, ServerFrame, TypedEvent } from '../../../src/web/wire.ts';

/** Who has the keyboard of this page, and why somebody has it no more. */
export type KeyboardState = {
  /** The agent into which is typed; null where nobody has the keyboard. */
  readonly instance: string | null;
  /** Whether what is typed reaches it: the place there is asked for first. */
  readonly isOn: boolean;
  /** Why typing ended by itself, of the agent that had it. */
  readonly ended: { readonly instance: string; readonly message: string } | null;
};

const NOBODY: KeyboardState = { instance: null, isOn: false, ended: null };

type Options = { readonly send: (frame: PageFrame) => void; readonly onChange: () => void };

/** The keyboard of this page, which one agent has at a time. */
export const openKeyboard = ({ send, onChange }: Options) => {
  let state = NOBODY;
  const set = (next: KeyboardState): void => {
    state = next;
    onChange();
  };
  const end = (message: string): void => {
    const { instance } = state;
    if (instance !== null) set({ ...NOBODY, ended: { instance, message } });
  };
  return {
    get state() {
      return state;
    },
    take: (instance: string): void => {
      set({ instance, isOn: false, ended: null });
      send({ kind: 'typing', instance, on: true });
    },
    type: (events: readonly TypedEvent[]): void => {
      const { instance } = state;
      if (instance !== null) for (const some of typedFrames(events)) send({ kind: 'typed', instance, events: some });
    },
    giveBack: (): void => {
      const { instance } = state;
      if (instance === null) return;
      set(NOBODY);
      send({ kind: 'typing', instance, on: false });
    },
    /** What the server says of it. */
    hear: ({ instance, on, message }: Extract<ServerFrame, { readonly kind: 'typing' }>): void => {
      if (instance !== state.instance) return;
      if (on) set({ ...state, isOn: true });
      else end(message ?? 'it was given back');
    },
    end,
  };
};

export type Keyboard = ReturnType<typeof openKeyboard>;
