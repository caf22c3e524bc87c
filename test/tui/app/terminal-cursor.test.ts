import { expect, test } from 'vitest';
import { terminalCursor } from '../../../src/tui/app/terminal-cursor.ts';
import type { Dialog } from '../../../src/tui/model/screen-state.ts';
import { model as asked } from '../answering/open-question.ts';
import { modelOf } from '../panels/draw-panel.ts';

const dialog: Dialog = {
  command: 'stop all',
  targets: [],
  loses: '',
  token: null,
  yes: false,
  interrupts: false,
};
const page = { title: 'Keys', lines: null, top: 0 };
const small = { columns: 80, rows: 6 };

test('the cursor stands in the command line while that has the keys', () => {
  expect(terminalCursor(modelOf([]))).toEqual({ x: 3, y: 27 });
  expect(terminalCursor(modelOf([], {}, small))).toEqual({ x: 3, y: 5 });
});

test('where nothing is typed there is no cursor', () => {
  expect(terminalCursor(modelOf([], { focus: 'panes' }))).toBeNull();
  expect(terminalCursor(modelOf([], { overlays: { page } }))).toBeNull();
  expect(terminalCursor(modelOf([], { overlays: { dialog } }))).toBeNull();
  expect(terminalCursor(modelOf([], {}, { columns: 80, rows: 0 }))).toBeNull();
});

test('in the dialogue of a question the cursor stands where the answer goes', () => {
  const answering = asked({});
  const cursor = terminalCursor(answering);
  expect(cursor).not.toBeNull();
  expect(cursor!.y).toBeLessThan(answering.layout.prompt.y);
  expect(terminalCursor(asked({ sending: true }))).toBeNull();
});
