import {
  LONGEST_TYPED_TEXT,
  MOST_TYPED_EVENTS,
  type PageFrame,
  type ServerFrame,
  type TypedEvent,
} from '../../../src/web/wire.ts';

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

/** What was typed in pieces that go in a frame each. */
const framesOf = (events: readonly TypedEvent[]): readonly (readonly TypedEvent[])[] => {
  const frames: TypedEvent[][] = [];
  let room = 0;
  for (const event of events) {
    const length = event.kind === 'key' ? 1 : event.text.length;
    const last = frames.at(-1);
    if (last && last.length < MOST_TYPED_EVENTS && length <= room) last.push(event);
    else {
      frames.push([event]);
      room = LONGEST_TYPED_TEXT;
    }
    room -= length;
  }
  return frames;
};

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
      if (instance !== null) for (const some of framesOf(events)) send({ kind: 'typed', instance, events: some });
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
