import { expect, test } from 'vitest';
import { type HostFrame, readGuestFrame, readHostFrame } from '../../../src/cli/share/guest-frames.ts';

const screen: HostFrame = { kind: 'screen', cols: 80, rows: 24, changed: [[0, 'hi']], cursor: [2, 0] };

test('[TMX-9] a guest types keys, texts and pastes, and says nothing else', () => {
  const typed = { kind: 'typed', events: [{ kind: 'key', key: 'ctrl+c' }] };
  expect(readGuestFrame(JSON.stringify(typed))).toEqual(typed);
  for (const wrong of [
    'x',
    'null',
    '{"kind":"size"}',
    '{"kind":"typed"}',
    '{"kind":"typed","events":[{"kind":"key","key":"C-b"}]}',
    '{"kind":"typed","events":[{"kind":"text","text":"\\u001b[201~"}]}',
  ])
    expect(readGuestFrame(wrong), wrong).toBeUndefined();
});

test('[TMX-9] a guest takes of a host what is a screen of a size that there is, and its end', () => {
  expect(readHostFrame(JSON.stringify(screen))).toEqual(screen);
  expect(readHostFrame('{"kind":"end","exit":137,"message":"no"}')).toEqual({ kind: 'end', exit: 4, message: 'no' });
  for (const wrong of [
    { ...screen, cols: 1e9 },
    { ...screen, rows: 0 },
    { ...screen, changed: [[-1, 'x']] },
    { ...screen, changed: [[0, 'x'.repeat(100_000)]] },
    { ...screen, cursor: ['a', 'b'] },
    { kind: 'welcome' },
    [],
  ])
    expect(readHostFrame(JSON.stringify(wrong))).toBeUndefined();
});
