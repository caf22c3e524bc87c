import { expect, test } from 'vitest';
import { makeOscReader, readCodexOsc, readGeminiOsc } from '../../src/agents/osc.ts';

const codex = (state: string): string => `\u001B]7501;state=${state}:app=codex\u0007`;

test('what a program tells its terminal is found in what it prints, however that is cut into pieces', () => {
  const text = `a\u001B[1m${codex('working')}b\u001B]0;✦  Working… (w)\u001B\\c\u001B]8;;http://x\u0007`;
  const whole = [
    { code: 7501, text: 'state=working:app=codex' },
    { code: 0, text: '✦  Working… (w)' },
    { code: 8, text: ';http://x' },
  ];
  expect(makeOscReader()(text)).toEqual(whole);
  const read = makeOscReader();
  expect([...text].flatMap((letter) => read(letter))).toEqual(whole);
});

test('one that never ends, or is cut by another, is not waited for', () => {
  const read = makeOscReader();
  expect(read(`\u001B]0;${'x'.repeat(2000)}`)).toEqual([]);
  expect(read(`y\u0007${codex('idle')}`)).toEqual([{ code: 7501, text: 'state=idle:app=codex' }]);
  expect(read(`\u001B]0;half\n\u001B[2J${codex('done')}`)).toEqual([{ code: 7501, text: 'state=done:app=codex' }]);
});

test.each([
  ['state=working:app=codex', 'working'],
  ['state=blocked:app=codex:kind=permission', 'asks'],
  ['state=idle:app=codex', 'rests'],
  ['state=done:app=codex', 'rests'],
  ['state=error:app=codex', 'rests'],
  ['state=new:app=codex', undefined],
  ['app=codex', undefined],
])('Codex that tells its terminal "%s" is %s', (text, state) => {
  expect(readCodexOsc({ code: 7501, text })).toBe(state);
  expect(readCodexOsc({ code: 0, text })).toBeUndefined();
});

test.each([
  ['✦  Working… (w)', 'working'],
  ['⏲  Working… (w)', 'working'],
  ['✋  Action Required (w)', 'asks'],
  ['◇  Ready (w)', 'rests'],
  ['vim', undefined],
])('Gemini CLI with the title "%s" is %s', (text, state) => {
  expect(readGeminiOsc({ code: 2, text })).toBe(state);
  expect(readGeminiOsc({ code: 8, text })).toBeUndefined();
});
