import { expect, test } from 'vitest';
import type { AgentAdapter } from '../../../src/agents/adapter.ts';
import { claude } from '../../../src/agents/claude.ts';
import { codex } from '../../../src/agents/codex.ts';
import { giveAnswer } from '../../../src/daemon/signals/give-answer.ts';
import type { EventDraft, State } from '../../../src/state/index.ts';
import type { Request } from '../../../src/state/instances.ts';
import { servicesWith } from '../../helpers/services.ts';
import { stateOf } from '../../state/fold.ts';
import { instanceCreated } from '../../state/story.ts';
import { ID, request, waits } from './waiting-requests.ts';

const started: EventDraft = {
  type: 'instance.started',
  data: { instance_id: ID, session: 's', pane: '%1', pid: 7 },
};
const asking = (...requests: readonly Request[]): EventDraft[] => [
  instanceCreated(ID),
  started,
  ...requests.map((one) => waits(one)),
];
const byKeys = (command: string): Request => ({ ...request(command), ask: null });

/** Codex's dialog about a command. */
const dialog = (command: string): string =>
  `\n  Would you like to run the following command?\n\n  $ ${command}\n\n› 1. Yes, proceed (y)\n  2. No (esc)\n`;

const BOX = '› Ask Codex to do anything\n';

type World = {
  /** What happened until now; more of it makes a new state. */
  readonly facts: EventDraft[];
  /** What each look at the terminal shows, the last one ever after; it may change the facts as well. */
  readonly screens?: readonly (string | (() => string))[];
  /** Takes a line at the pipe of a hook; whether somebody listened. */
  readonly takes?: (pipe: string) => boolean;
  /** What comes of keys. */
  readonly press?: (keys: readonly string[]) => void;
};

/** The services that answering needs, with the keys and lines that reached the agent. */
const stage = (adapter: AgentAdapter, { facts, screens = [''], takes = () => false, press }: World) => {
  const pressed: string[] = [];
  const told: string[] = [];
  const typed: string[] = [];
  let looks = 0;
  const state = (): State => stateOf(...facts);
  const services = servicesWith({
    store: {
      get state() {
        return state();
      },
      until: (holds: (now: State) => boolean, signal: AbortSignal) =>
        new Promise<void>((resolve, reject) => {
          const look = () =>
            holds(state()) ? resolve() : signal.aborted ? reject(signal.reason) : setTimeout(look, 1);
          look();
        }),
    },
    signal: new AbortController().signal,
    adapterFor: () => adapter,
    decide: async (decide: (now: State) => readonly EventDraft[]) => void facts.push(...decide(state())),
    targetOf: () => ({
      paths: { spool: '/spool' },
      files: {
        folders: async () => ['claude-1'],
        tellPipe: async (pipe: string) => {
          if (takes(pipe)) told.push(pipe);
          return told.at(-1) === pipe;
        },
        remove: async () => undefined,
      },
      tmux: {
        capture: async () => {
          const screen = screens[Math.min(looks, screens.length - 1)]!;
          looks += 1;
          return typeof screen === 'string' ? screen : screen();
        },
        reply: async (_pane: string, keys: readonly string[]) => {
          pressed.push(...keys);
          press?.(keys);
          return true;
        },
        type: async (_pane: string, text: string) => void typed.push(text),
      },
    }),
  });
  const answer = (text = 'yes') => giveAnswer(services, state().instances[ID]!, text);
  return { answer, pressed, told, typed };
};

test('[AGT-5] of two answers at once the second is no answer to the next question', async () => {
  const facts = asking(request('x1'));
  const listening = new Set(['/spool/claude-1/claude-1-x1.ask', '/spool/claude-1/claude-1-x2.ask']);
  const { answer, pressed, told } = stage(claude, {
    facts,
    takes: (pipe) => {
      // The agent takes the answer, and asks the next thing at once.
      facts.push(waits(request('x2')));
      return listening.delete(pipe);
    },
  });
  const given = await Promise.all([answer(), answer()]);
  expect(given).toEqual([{ confirmed: true }, { confirmed: false, known: true }]);
  expect([told, pressed]).toEqual([['/spool/claude-1/claude-1-x1.ask'], []]);
});

test('[AGT-5] a held question that nobody listens at any more was answered: no key is pressed for it', async () => {
  const { answer, pressed } = stage(claude, { facts: asking(request('x1')), screens: [' ❯ 1. Yes\n Esc to cancel'] });
  expect(await answer()).toEqual({ confirmed: false, known: true });
  expect(pressed).toEqual([]);
});

test('[AGT-5] keys are pressed for the question that stands there, and not when it was answered in its terminal meanwhile', async () => {
  const facts = asking(byKeys('touch a'));
  const taken = stage(codex, {
    facts,
    screens: [dialog('touch a'), dialog('touch a'), dialog('touch a'), BOX],
  });
  expect(await taken.answer()).toEqual({ confirmed: true });
  expect(taken.pressed).toEqual(['Enter']);

  const next = asking(byKeys('touch a'));
  const overtaken = stage(codex, {
    facts: next,
    screens: [
      dialog('touch a'),
      dialog('touch a'),
      () => {
        next.push(waits(byKeys('touch b')));
        return dialog('touch b');
      },
    ],
  });
  expect(await overtaken.answer()).toEqual({ confirmed: false, known: true });
  expect(overtaken.pressed).toEqual([]);

  // Nobody has told of the next question yet, but its terminal shows it.
  const unheard = stage(codex, {
    facts: asking(byKeys('touch a')),
    screens: [dialog('touch a'), dialog('touch a'), dialog('touch b')],
  });
  expect(await unheard.answer()).toEqual({ confirmed: false, known: true });
  expect(unheard.pressed).toEqual([]);

  // The same words once more are another question.
  const again = asking(byKeys('touch a'));
  const same = stage(codex, {
    facts: again,
    screens: [
      dialog('touch a'),
      dialog('touch a'),
      () => {
        again.push(waits(byKeys('touch a')));
        return dialog('touch a');
      },
    ],
  });
  expect(await same.answer()).toEqual({ confirmed: false, known: true });
  expect(same.pressed).toEqual([]);
});

const goneOn: EventDraft = {
  type: 'instance.moved',
  data: { instance_id: ID, state: 'working', source: 'hook', evidence: 'it said so' },
};

/** Codex as an agent whose box is not read. */
const { readBox: _, ...boxless } = codex;

test('the words behind a refusal are typed when its dialog is gone, also where the agent tells of it before that is drawn', async () => {
  const facts = asking(byKeys('touch a'));
  let toDraw = Number.POSITIVE_INFINITY;
  const screen = () => {
    toDraw -= 1;
    return toDraw < 0 ? BOX : dialog('touch a');
  };
  const press = () => {
    toDraw = 3;
    facts.push(goneOn);
  };
  const { answer, typed } = stage(boxless, { facts, screens: [screen], press });
  expect(await answer('use a branch')).toEqual({ confirmed: true });
  expect(typed).toEqual(['use a branch']);
});

test('the words behind a refusal are no keys for what the agent asks next, and it is said that they were not typed', async () => {
  const facts = asking(byKeys('touch a'));
  const { answer, typed } = stage(codex, {
    facts,
    screens: [() => dialog('touch a')],
    press: () => facts.push(goneOn, waits(byKeys('touch b'))),
  });
  expect(await answer('use a branch')).toEqual({ confirmed: true, untold: true });
  expect(typed).toEqual([]);
});
