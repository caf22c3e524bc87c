import fc from 'fast-check';
import { expect, test } from 'vitest';
import { handleInput } from '../../../src/tui/control/handle-input.ts';
import type { InputEvent } from '../../../src/tui/input/decoder.ts';
import { reduceScreen } from '../../../src/tui/model/screen-reducer.ts';
import { initialScreen, type ScreenState } from '../../../src/tui/model/screen-state.ts';
import { TAB_IDS } from '../../../src/tui/tabs/tab-ids.ts';
import { reply } from '../fake-swarm.ts';
import { IDS, keyContext, stepTo } from './key-context.ts';

const KEYS = [
  ...['up', 'down', 'left', 'right', 'pageup', 'pagedown', 'home', 'end', 'enter', 'esc', 'tab', 'shift+tab'],
  ...['backspace', 'delete', 'insert', 'f1', 'alt+b', 'alt+x', 'ctrl+left', 'shift+pageup'],
  ...[...'abcdefghijklmnopqrstuvwxyz'].map((letter) => `ctrl+${letter}`),
  'ctrl+]',
];

const event: fc.Arbitrary<InputEvent> = fc.oneof(
  fc.constantFrom(...KEYS).map((key): InputEvent => ({ kind: 'key', key })),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 }).map((text): InputEvent => ({ kind: 'text', text })),
  fc.constantFrom(...'abcdfghijklmnorstuvxyzVNOM123456789/:?q ').map((text): InputEvent => ({ kind: 'text', text })),
  fc.string({ maxLength: 20 }).map((text): InputEvent => ({ kind: 'paste', text })),
);

/** A question that the daemon asks before it destroys something. */
const asked = reply({
  exit: 5,
  confirm: { targets: ['a-1'], loses: 'its session', token: 'the token', expires: '2030-01-01T00:00:00.000Z' },
});

const YES = new Set(['y', 'Y', 'enter']);

test('whatever is pressed, nothing is confirmed but by a key that says yes in the dialogue that asks', () => {
  fc.assert(
    fc.property(fc.array(event, { minLength: 20, maxLength: 60 }), fc.nat(40), (events, question) => {
      let screen: ScreenState = initialScreen(IDS);
      events.forEach((one, i) => {
        if (i === question) screen = reduceScreen(screen, { kind: 'replied', command: 'stop all', reply: asked });
        const { dialog } = screen.overlays;
        const before = JSON.stringify(one);
        const result = handleInput(screen, one, keyContext({ suggestion: stepTo('restart instance a-1') }));
        for (const effect of result.effects) {
          if (effect.kind !== 'run' || effect.confirm === undefined) continue;
          expect(dialog?.token).toBe(effect.confirm);
          const pressed = one.kind === 'key' ? [one.key] : one.kind === 'text' ? [...one.text] : [];
          expect([before, pressed.some((key) => YES.has(key))]).toEqual([before, true]);
        }
        screen = result.screen;
        expect(TAB_IDS).toContain(screen.tabs.open);
        if (screen.panes.selected !== null) expect(IDS).toContain(screen.panes.selected);
      });
    }),
    { numRuns: 300 },
  );
});
