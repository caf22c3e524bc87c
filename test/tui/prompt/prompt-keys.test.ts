import { expect, test } from 'vitest';
import type { InputEvent } from '../../../src/tui/input/decoder.ts';
import { reduceScreen } from '../../../src/tui/model/screen-reducer.ts';
import { initialScreen } from '../../../src/tui/model/screen-state.ts';
import type { Hint } from '../../../src/tui/prompt/hint.ts';
import { ghostOf } from '../../../src/tui/prompt/prompt-ghost.ts';
import { previewPrompt } from '../../../src/tui/prompt/prompt-preview.ts';
import { promptText } from '../../../src/tui/prompt/prompt-state.ts';
import { IDS, keyContext } from '../control/key-context.ts';
import { key, paste, pressAll, text } from '../control/press-keys.ts';
import { reply } from '../fake-swarm.ts';

const HISTORY = ['launch 3 instances', 'status', 'stop rehearsal-1 graceful'];
const WORDS = ['launch', 'list', 'stop', 'status'];
const hint = (line: string): Hint =>
  /^(?:list|status|launch|stop|tell) ?/u.test(line)
    ? { kind: 'ok', says: line }
    : line === 'answ'
      ? { kind: 'incomplete', expects: [] }
      : { kind: 'error', message: 'Unknown verb.' };
const context = keyContext({
  hint,
  complete: (typed) =>
    WORDS.filter((word) => word.startsWith(/\S*$/u.exec(typed)![0])).map((word) => ({ word, help: `to ${word}` })),
});
const start = initialScreen(IDS, HISTORY);
const after = (...events: readonly InputEvent[]) => {
  const { screen, effects } = pressAll(start, events, context);
  return { screen, effects, line: promptText(screen.prompt), ghost: ghostOf(screen.prompt, context.complete) };
};
const ran = (line: string) => ({ kind: 'run', text: line });

test('[TUI-2] the grey rest of the line comes from the latest command that began so, else from what may stand there', () => {
  expect(after(text('st')).ghost).toBe('op rehearsal-1 graceful');
  expect(after(text('li')).ghost).toBe('st');
  expect(after(text('launch 3 instances agent=x st')).ghost).toBe('op');
  expect([after().ghost, after(text('st'), key('left')).ghost, after(text('list ')).ghost]).toEqual(['', '', '']);
  expect(after(text('zz')).ghost).toBe('');
});

test.each([
  ['right', 'stop rehearsal-1 graceful'],
  ['end', 'stop rehearsal-1 graceful'],
  ['ctrl+e', 'stop rehearsal-1 graceful'],
  ['alt+right', 'stop'],
  ['ctrl+right', 'stop'],
])('[TUI-2] %s at the end of the line takes the grey as far as %s', (name, line) => {
  expect(after(text('st'), key(name)).line).toBe(line);
  expect(after(text('zz'), key('home'), key(name)).line).toBe('zz');
});

test('[TUI-2] End on the empty line takes the example, with the cursor where the words belong', () => {
  expect(after(key('end'), text('Parse it')).line).toBe('create task "Parse it"');
  const { screen } = pressAll(start, [key('ctrl+e'), key('enter')], { ...context, example: 'list tasks' });
  expect(promptText(screen.prompt)).toBe('');
});

test('what was taken of the grey word by word is one step each to undo', () => {
  expect(after(text('st'), key('alt+f'), key('alt+f')).line).toBe('stop rehearsal-1');
  expect(after(text('st'), key('alt+f'), key('alt+f'), key('ctrl+_')).line).toBe('stop');
});

test('[TUI-2] Ctrl-R searches the history, and Enter runs what it finds', () => {
  const { screen, effects } = after(key('ctrl+r'), text('unch'), key('enter'));
  expect([effects, screen.prompt.search, promptText(screen.prompt)]).toEqual([[ran('launch 3 instances')], null, '']);
});

test('a search goes both ways, gives back what was typed, and any other key takes what it found', () => {
  expect(after(key('ctrl+r'), text('sta')).line).toBe('status');
  expect(after(key('ctrl+r'), text('st'), key('ctrl+r'), key('down')).line).toBe('stop rehearsal-1 graceful');
  expect(after(key('ctrl+r'), text('st'), key('up'), key('ctrl+s')).line).toBe('stop rehearsal-1 graceful');
  expect(after(text('li'), key('ctrl+r'), key('esc')).line).toBe('li');
  expect(after(key('ctrl+r'), text('status'), key('backspace'), key('ctrl+g')).line).toBe('');
  const taken = after(key('ctrl+r'), text('unch'), key('end'), text('!'));
  expect([taken.line, taken.screen.prompt.search]).toEqual(['launch 3 instances!', null]);
  expect(after(key('ctrl+r'), text('unch'), key('ctrl+c')).line).toBe('');
  const empty = after(key('ctrl+r'), text('?1'), key('ctrl+c'));
  expect([empty.screen.prompt.search, empty.screen.isLeaving, empty.screen.overlays.page]).toEqual([null, false, null]);
});

test('[TUI-2] Tab opens a menu that the arrows go through; Enter takes the word and runs nothing', () => {
  const open = after(text('li'), key('tab'));
  expect([open.line, open.screen.prompt.completion]).toEqual(['list ', null]);
  const menu = after(text('st'), key('tab'));
  expect([menu.line, menu.screen.prompt.completion?.candidates[0]?.help]).toEqual(['stop', 'to stop']);
  expect(after(text('st'), key('tab'), key('down')).line).toBe('status');
  expect(after(text('st'), key('tab'), key('up')).line).toBe('status');
  const taken = after(text('st'), key('tab'), key('down'), key('enter'));
  expect([taken.line, taken.effects, taken.screen.prompt.completion]).toEqual(['status ', [], null]);
  expect(after(text('st'), key('tab'), key('down'), key('enter'), key('enter')).effects).toEqual([ran('status')]);
});

test('Esc puts the menu away with what was typed, what is typed goes on behind the chosen word', () => {
  expect(after(text('st'), key('tab'), key('esc')).line).toBe('st');
  expect(after(text('st'), key('tab'), key('ctrl+g')).line).toBe('st');
  expect(after(text('st'), key('tab'), text(' x')).line).toBe('stop x');
  expect(after(text('st'), key('tab'), key('ctrl+u')).line).toBe('');
});

test('a menu that only shows what words have in common does not keep Enter from running the line', () => {
  const common = keyContext({ ...context, complete: () => ['stats', 'status'].map((word) => ({ word, help: '' })) });
  const { effects } = pressAll(start, [text('s'), key('tab'), text('us'), key('enter')], common);
  expect(effects).toEqual([ran('status')]);
  expect(pressAll(start, [text('list s'), key('tab'), key('enter')], common).effects).toEqual([ran('list stat')]);
});

test('[TUI-2] several commands that are pasted are run only after a question, and then one after the other', () => {
  const pasted = after(paste('launch 3 instances\r\n# comment\r\nlist tasks\r\n\r\nstatus\r\n'));
  expect([pasted.effects, pasted.line]).toEqual([[], 'launch 3 instances\n# comment\nlist tasks\n\nstatus']);
  const asked = pressAll(pasted.screen, [key('enter')], context);
  expect([asked.effects, asked.screen.overlays.dialog?.title, asked.screen.overlays.dialog?.targets]).toEqual([
    [],
    'Run 3 commands?',
    ['launch 3 instances', 'list tasks', 'status'],
  ]);
  const refused = pressAll(asked.screen, [key('enter')], context);
  expect([refused.effects, refused.screen.commands.message?.text]).toEqual([[], 'not done: 3 commands']);
  const { effects } = pressAll(asked.screen, [text('y')], context);
  expect(effects).toEqual([{ kind: 'run', text: 'launch 3 instances', queued: ['list tasks', 'status'] }]);
  expect(pressAll(refused.screen, [key('up')], context).screen.prompt.characters.join('')).toBe(pasted.line);
});

test('[TUI-2] a text of several lines stays one, and one line that is no command keeps all back', () => {
  const told = 'tell a-1 "first\n\nsecond"';
  expect(after(paste(told), key('enter')).effects).toEqual([ran(told)]);
  expect(after(paste('tell a-1 it’s "a\nb" and more\nthen this'), key('enter')).effects).toHaveLength(1);
  expect(after(paste('# only a comment\nstatus'), key('enter')).effects).toEqual([ran('status')]);
  const wrong = after(paste('x\nstatus'), key('enter'));
  expect([wrong.effects, wrong.screen.commands.message]).toEqual([
    [],
    { tone: 'error', text: 'x: Unknown verb.', hint: 'Nothing was run.' },
  ]);
  expect(after(paste('answ\nbnsw'), key('enter')).screen.commands.message?.text).toBe(
    'answ: It is not a whole command.',
  );
  expect(after(text('list'), key('alt+enter'), text('status')).line).toBe('list\nstatus');
});

test('a No to a command of several keeps back those behind it, a Yes goes on with them', () => {
  const confirm = { targets: ['a-1'], loses: 'work', token: 't', expires: '2026-01-02T03:09:05.000Z' };
  const asking = reduceScreen(start, {
    kind: 'replied',
    command: 'stop all',
    reply: reply({ exit: 5, confirm }),
    queued: ['list', 'status'],
  });
  expect(pressAll(asking, [key('enter')]).screen.commands.message?.text).toBe(
    'not done: stop all and 2 more behind it',
  );
  expect(pressAll(asking, [key('right'), key('enter')]).effects).toEqual([
    { kind: 'run', text: 'stop all', confirm: 't', queued: ['list', 'status'] },
  ]);
  const failed = reduceScreen(start, {
    kind: 'replied',
    command: 'x',
    reply: reply({ exit: 1, message: 'no' }),
    queued: ['list', 'status'],
  });
  expect(failed.commands.message).toEqual({ tone: 'error', text: 'no', hint: 'Not run: list; status' });
});

test('what several lines would do is said before Enter', () => {
  const said = (typed: string) => previewPrompt(after(paste(typed)).screen.prompt, context).hint;
  expect(said('status\nlist')).toEqual({ kind: 'ok', says: 'runs 2 commands: status; list', asks: 'before the first' });
  expect(said('x\nlist')).toEqual({ kind: 'error', message: 'x: Unknown verb.' });
  expect(said('tell a "1\n2"')).toEqual({ kind: 'ok', says: 'tell a "1\n2"' });
  expect(previewPrompt(start.prompt, context)).toEqual({ hint: null, ghost: '' });
});
