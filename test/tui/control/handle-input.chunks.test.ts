import fc from 'fast-check';
import { expect, test } from 'vitest';
import { handleInput } from '../../../src/tui/control/handle-input.ts';
import type { Effect } from '../../../src/tui/control/key.ts';
import { makeDecoder } from '../../../src/tui/input/decoder.ts';
import { reduceScreen } from '../../../src/tui/model/screen-reducer.ts';
import { initialScreen, type ScreenState, withPanes } from '../../../src/tui/model/screen-state.ts';
import { promptText } from '../../../src/tui/prompt/prompt-state.ts';
import { reply } from '../fake-swarm.ts';
import { keyContext as aroundOf, stepTo } from './key-context.ts';

const IDS = ['a-1', 'a-2'];
const around = aroundOf({
  ids: IDS,
  complete: (text) =>
    ['launch', 'list', 'stop'].filter((word) => word.startsWith(text)).map((word) => ({ word, help: '' })),
});

/** What is left of a view and asked of the world after these bytes, however they came. */
const after = (chunks: readonly Uint8Array[]) => {
  const decoder = makeDecoder();
  const effects: Effect[] = [];
  let screen: ScreenState = initialScreen(IDS, ['list tasks', 'launch 3 instances']);
  const fold = (events: ReturnType<typeof decoder.feed>) => {
    for (const event of events) {
      const result = handleInput(screen, event, around);
      screen = result.screen;
      effects.push(...result.effects);
    }
  };
  for (const chunk of chunks) fold(decoder.feed(chunk));
  fold(decoder.flush());
  const { prompt, focus, overlays, panes } = screen;
  return {
    text: promptText(prompt),
    prompt,
    dialog: overlays.dialog,
    page: overlays.page?.title,
    focus,
    selected: panes.selected,
    effects: joined(effects),
  };
};

/** The effects, with what is typed into an agent in one piece. */
const joined = (effects: readonly Effect[]): readonly unknown[] => {
  const all: unknown[] = [];
  for (const effect of effects) {
    const raw = effect.kind === 'type' ? (effect.event.raw ?? '') : undefined;
    const last = all.at(-1);
    if (raw !== undefined && typeof last === 'string') all[all.length - 1] = last + raw;
    else all.push(raw ?? effect);
  }
  return all;
};

const encoded = (text: string): Uint8Array => new TextEncoder().encode(text);
const cutAt = (bytes: Uint8Array, cuts: readonly number[]): readonly Uint8Array[] => {
  const places = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].toSorted(
    (a, b) => a - b,
  );
  return places.slice(1).map((to, i) => bytes.subarray(places[i], to));
};

const WORDS = ['launch 3 ', 'stop all', 'sta', 'é世界', '👩‍👩‍👧‍👦', '🇩🇪🇫🇷', 'e\u0301', 'नि', '?', '12', 'x'];
const KEYS = ['\r', '\t', '\u001B[Z', '\u007F', '\u0017', '\u0015', '\u0019', '\u001F', '\u0012', '\u0007', '\u0005'];
const ARROWS = ['\u001B[A', '\u001B[B', '\u001B[C', '\u001B[D', '\u001BOF', '\u001B[1;5D', '\u001Bb', '\u001B\r'];
const PASTES = ['one', 'status\nlist tasks', 'tell a-1 "x\ny"\r\n', '# a\nlist\n'].map(
  (text) => `\u001B[200~${text}\u001B[201~`,
);

test('[TUI-2] however a slow line cuts and joins what is typed, pasted and composed, the same comes of it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...WORDS, ...KEYS, ...ARROWS, ...PASTES), { minLength: 1, maxLength: 14 }),
      fc.array(fc.nat(400), { maxLength: 30 }),
      (tokens, cuts) => {
        const bytes = encoded(tokens.join(''));
        expect(after(cutAt(bytes, cuts))).toEqual(after([bytes]));
      },
    ),
    { numRuns: 300 },
  );
});

test('[TUI-2] a command that comes byte by byte, or in one piece with its Enter, is run once', () => {
  const bytes = encoded('tell a-1 "größer 👩‍👩‍👧 नि"\r');
  const run = { kind: 'run', text: 'tell a-1 "größer 👩‍👩‍👧 नि"' };
  expect(after([bytes]).effects).toEqual([run]);
  expect(after([...bytes].map((byte) => Uint8Array.of(byte))).effects).toEqual([run]);
});

const asking = new Map([
  [
    'a-1',
    {
      instance: 'a-1',
      since: '2026-01-01T00:00:00.000Z',
      mark: 'm',
      text: 'Shall I?',
      subject: '',
      choices: [{ label: 'Yes', help: '', answer: 'yes' }],
      many: false,
      words: '',
    },
  ],
]);

test('whatever keys are pressed, nothing is confirmed or sent that no dialogue asked about, and nothing breaks', () => {
  const confirm = { targets: ['a-1'], loses: 'work', token: 't', expires: '2026-01-01T00:00:00.000Z' };
  const news = { kind: 'replied', command: 'stop all', reply: reply({ exit: 5, confirm }) } as const;
  const tokens = fc.constantFrom<string | null>(
    ...WORDS,
    ...KEYS,
    ...ARROWS,
    ...PASTES,
    'y',
    'n',
    '\u001B',
    '\u0003',
    null,
  );
  fc.assert(
    fc.property(fc.array(tokens, { minLength: 1, maxLength: 60 }), (all) => {
      const decoder = makeDecoder();
      let screen: ScreenState = initialScreen(IDS, ['list tasks']);
      for (const token of all) {
        if (token === null) screen = reduceScreen(screen, news);
        for (const event of token === null ? [] : [...decoder.feed(encoded(token)), ...decoder.flush()]) {
          const { dialog, answering } = screen.overlays;
          const result = handleInput(screen, event, {
            ...around,
            questions: asking,
            suggestion: stepTo('answer a-1 "yes"'),
          });
          for (const effect of result.effects) {
            if (effect.kind === 'run' && effect.confirm !== undefined) expect(dialog?.token).toBe(effect.confirm);
            if (effect.kind === 'answer') expect(answering?.question.mark).toBe(effect.mark);
          }
          screen = result.screen.panes.typing ? withPanes(result.screen, { typing: null }) : result.screen;
        }
      }
      expect(screen.prompt.cursor).toBeLessThanOrEqual(screen.prompt.characters.length);
    }),
    { numRuns: 300 },
  );
});
