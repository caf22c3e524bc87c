import { expect } from 'vitest';
import {
  type Actor,
  type Command,
  type CommandLanguage,
  type Context,
  signatureOf,
} from '../../src/commands/define.ts';
import { dispatch } from '../../src/commands/dispatch.ts';
import type { Reply } from '../../src/ports/swarm.ts';
import { type AppEvent, type EventDraft, emptyState, reduce, type State } from '../../src/state/index.ts';
import { settingsSchema } from '../../src/state/settings.ts';
import { contextWith, personOf } from './context.ts';
import { documented } from './documented.ts';

export type Desk = {
  /** The state as the facts so far have made it. */
  readonly state: State;
  readonly events: readonly AppEvent[];
  /** Records facts as the daemon would. */
  add(...drafts: readonly EventDraft[]): void;
  /** Says a command as confirmed; what it answers is checked to be what it documents. */
  say(text: string): Promise<Reply>;
  /** Says it without confirming. */
  propose(text: string): Promise<Reply>;
  /** Says it as the agent of an instance. */
  sayAs(instance: string, text: string): Promise<Reply>;
  /** Says it, as confirmed, as somebody. */
  sayBy(actor: Actor, text: string): Promise<Reply>;
  /** The same, where the test itself looks at what is wrong with the answer. */
  askBy(actor: Actor, text: string): Promise<Reply>;
  /** The types of the facts that commands have recorded, beside that they were said. */
  recorded(): readonly string[];
};

/** What the daemon would make of a state that somebody waits on. */
type Reacting = (state: State) => readonly EventDraft[];

const AT = '2026-01-01T00:00:00.000Z';
const ADMIN = personOf('cli', 'admin');

/** What can be said where there are these commands alone. */
export const languageOf = (commands: readonly Command[]): CommandLanguage => ({
  commands,
  signatures: commands.map(signatureOf),
  agents: ['rehearsal'],
});

/**
 * One command or a few, said to a state in memory: the real grammar, dispatch and fold, without daemon, git and tmux. A
 * command that reaches for another part of its context than those given fails its test.
 */
export const openDesk = (
  said: Command | readonly Command[],
  drafts: readonly EventDraft[] = [],
  { reacting, ...parts }: Partial<Context> & { readonly reacting?: Reacting } = {},
): Desk => {
  const commands = [said].flat();
  const language = languageOf(commands);
  let state = emptyState;
  const events: AppEvent[] = [];
  const record = (draft: EventDraft, actor: string): AppEvent => {
    const event = { ...draft, seq: state.seq + 1, at: AT, actor, corr: 'c-1' } as AppEvent;
    state = reduce(state, event);
    events.push(event);
    return event;
  };
  for (const draft of drafts) record(draft, 'daemon');
  const store: Context['store'] = {
    get state() {
      return state;
    },
    async *events(from) {
      yield* events.filter(({ seq }) => seq >= from);
    },
    until: async (holds) => {
      while (!holds(state)) {
        const facts = reacting?.(state) ?? [];
        if (facts.length === 0) expect.unreachable('what is waited for does not happen here');
        for (const draft of facts) record(draft, 'daemon');
      }
      return state;
    },
  };
  const context = (actor: Actor): Context =>
    contextWith({
      language,
      store,
      actor,
      correlation: 'c-1',
      signal: new AbortController().signal,
      settings: settingsSchema.parse({ agent: 'rehearsal' }),
      saidAt: undefined,
      earlier: [],
      confirmKey: 'a key of this desk',
      now: () => AT,
      decide: async (facts) => facts(state).map((draft) => record(draft, actor.name)),
      ...parts,
    });
  const view = { columns: 120, color: false };
  const ask = (actor: Actor, text: string, yes = true): Promise<Reply> =>
    dispatch(context(actor), { id: '', text, yes, view });
  const tell = async (actor: Actor, text: string, yes: boolean): Promise<Reply> =>
    documented(language, text, await ask(actor, text, yes), actor);
  return {
    get state() {
      return state;
    },
    events,
    add: (...more) => {
      for (const draft of more) record(draft, 'daemon');
    },
    say: (text) => tell(ADMIN, text, true),
    propose: (text) => tell(ADMIN, text, false),
    sayBy: (actor, text) => tell(actor, text, true),
    askBy: (actor, text) => ask(actor, text),
    sayAs: (instance, text) => tell({ name: instance, role: 'agent', instance }, text, true),
    recorded: () =>
      events.filter(({ actor, type }) => actor !== 'daemon' && type !== 'command.finished').map(({ type }) => type),
  };
};
