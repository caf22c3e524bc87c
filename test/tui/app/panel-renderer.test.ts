import { Text } from 'ink';
import { createElement } from 'react';
import { expect, test, vi } from 'vitest';
import { openPanelRenderer } from '../../../src/tui/app/panel-renderer.tsx';
import type { Panel } from '../../../src/tui/panels/panel.ts';

/** What the panel of these tests is drawn from. */
type Clock = { readonly now: number };

const panel = (View: NonNullable<Panel<object>['View']>): Panel<object, Clock> => ({
  id: 'one',
  z: 1,
  rect: ({ now }) => (now < 0 ? null : { x: 0, y: 0, width: 10, height: 1 }),
  select: ({ now }) => ({ text: `now ${Math.floor(now)}` }),
  View,
});
const at = (now: number): Clock => ({ now });

test('a panel is drawn when what it selects has changed, and only then', () => {
  const frames: string[] = [];
  const removed: string[] = [];
  const compositor = {
    setRegion: () => undefined,
    removeRegion: (id: string) => void removed.push(id),
    frame: (_id: string, text: string) => void frames.push(text),
  };
  const view = (props: object) => createElement(Text, null, (props as { text: string }).text);
  const renderer = openPanelRenderer(compositor, [panel(view)], () => undefined);
  for (const now of [-1, 1, 1.5, 2, -1, -1, 2]) renderer.show(at(now));
  renderer.close();
  renderer.show(at(3));
  expect([frames, removed]).toEqual([['now 1', 'now 2', 'now 2'], ['one']]);
});

test('a panel that draws its lines by itself needs no Ink, and has it where it does not', () => {
  const frames: string[] = [];
  const compositor = {
    setRegion: () => undefined,
    removeRegion: () => undefined,
    frame: (_id: string, text: string) => void frames.push(text),
  };
  const view = (props: object) => createElement(Text, null, `ink ${(props as { text: string }).text}`);
  const lines = (props: object) => {
    const { text } = props as { text: string };
    return text === 'now 2' ? null : [text, 'below'];
  };
  const renderer = openPanelRenderer(compositor, [{ ...panel(view), lines }], () => undefined);
  for (const now of [1, 1.5, 2, 3, 2]) renderer.show(at(now));
  renderer.close();
  expect(frames).toEqual(['now 1\nbelow', 'ink now 2', 'now 3\nbelow', 'ink now 2']);
});

test('for the command line only the panels that it can change are looked at', () => {
  const frames: string[] = [];
  const compositor = {
    setRegion: () => undefined,
    removeRegion: () => undefined,
    frame: (id: string, text: string) => void frames.push(`${id}: ${text}`),
  };
  const asked: string[] = [];
  const plain = (id: string): Panel<object, Clock> => ({
    ...{ id, z: 1, rect: () => ({ x: 0, y: 0, width: 10, height: 1 }) },
    select: ({ now }) => {
      asked.push(id);
      return { now };
    },
    lines: (props) => [String((props as Clock).now)],
  });
  const renderer = openPanelRenderer(compositor, [plain('grid'), { ...plain('line'), ofLine: true }], () => undefined);
  renderer.show(at(1));
  for (const now of [2, 2, 3]) renderer.showLine(at(now));
  renderer.show(at(3));
  renderer.close();
  renderer.showLine(at(4));
  expect(frames).toEqual(['grid: 1', 'line: 1', 'line: 2', 'line: 3', 'grid: 3']);
  expect(asked).toEqual(['grid', 'line', 'line', 'line', 'line', 'grid', 'line']);
});

test('a component that throws ends the view instead of leaving a dead picture', async () => {
  const compositor = { setRegion: () => undefined, removeRegion: () => undefined, frame: () => undefined };
  const crashes: unknown[] = [];
  const view = () => {
    throw new Error('broken panel');
  };
  const renderer = openPanelRenderer(compositor, [panel(view)], (error) => crashes.push(error));
  renderer.show(at(1));
  await vi.waitUntil(() => crashes.length === 1);
  expect(crashes[0]).toEqual(new Error('broken panel'));
  renderer.close();
});

test('many panels make no warning that would be written onto the screen', async () => {
  const compositor = { setRegion: () => undefined, removeRegion: () => undefined, frame: () => undefined };
  const warnings: unknown[] = [];
  const hear = (warning: Error) => void warnings.push(warning.name);
  process.on('warning', hear);
  const before = process.getMaxListeners();
  const view = (props: object) => createElement(Text, null, (props as { text: string }).text);
  const many = Array.from({ length: 24 }, (_, i) => ({ ...panel(view), id: `panel ${i}` }));
  const renderer = openPanelRenderer(compositor, many, () => undefined);
  renderer.show(at(1));
  await new Promise(setImmediate);
  renderer.close();
  renderer.close();
  process.off('warning', hear);
  expect([warnings, process.getMaxListeners()]).toEqual([[], before]);
});
