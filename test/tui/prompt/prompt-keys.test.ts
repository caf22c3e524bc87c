import { expect, test } from 'vitest';
import { previewPrompt } from '../../../src/tui/prompt/prompt-preview.ts';
import { promptText } from '../../../src/tui/prompt/prompt-state.ts';
import { initialScreen } from '../../../src/tui/model/screen-state.ts';
import { keyContext } from '../control/key-context.ts';
import { key, pressAll, text } from '../control/press-keys.ts';
import { typeInto } from '../panes/type-into.ts';
import { context, pressInPrompt, ran, start } from './typed-prompt.ts';

test('[TUI-2] End on the empty line takes the example, with the cursor where the words belong', () => {
  expect(pressInPrompt(key('end'), text('Parse it')).line).toBe('create task "Parse it"');
  const none = pressAll(start, [key('end')], { ...context, example: null });
  expect([promptText(none.screen.prompt), none.effects]).toEqual(['', []]);
  const { screen } = pressAll(start, [key('ctrl+e'), key('enter')], { ...context, example: 'list tasks' });
  expect(promptText(screen.prompt)).toBe('');
});

test('a review that is said opens the view in which it is decided on, however it came into the line', () => {
  const hint = (said: string) => ({ kind: 'ok', says: said, reviews: 't2' }) as const;
  const reviewing = { ...context, hint, example: 'review task t2' };
  for (const events of [
    [text('review t2'), key('enter')],
    [key('end'), key('enter')],
  ]) {
    const { screen, effects } = pressAll(start, events, reviewing);
    expect([screen.tabs.open, screen.tabs.states.review.subject, screen.focus, effects]).toEqual([
      'review',
      't2',
      'panes',
      [],
    ]);
    expect([promptText(screen.prompt), screen.prompt.history.at(-1)]).toEqual(['', expect.stringMatching(/^review /u)]);
  }
});

test('[TUI-2] `:q` leaves as `q` does, and says so before', () => {
  const panes = { ...start, focus: 'panes' } as const;
  for (const line of [':q', ':q!']) {
    const { screen, effects } = pressAll(panes, [text(line), key('enter')], context);
    expect([promptText(screen.prompt), effects]).toEqual(['', [{ kind: 'quit' }]]);
  }
  const typed = pressAll(panes, [text(':q')], context).screen;
  expect(previewPrompt(typed.prompt, context).hint).toEqual({
    kind: 'ok',
    says: 'leaves the screen; the agents go on',
  });
});

test('[TUI-2] Ctrl-R searches the history, and Enter runs what it finds', () => {
  const { screen, effects } = pressInPrompt(key('ctrl+r'), text('unch'), key('enter'));
  expect([effects, screen.prompt.search, promptText(screen.prompt)]).toEqual([[ran('launch 3 instances')], null, '']);
});

test('a search goes both ways, gives back what was typed, and any other key takes what it found', () => {
  expect(pressInPrompt(key('ctrl+r'), text('sta')).line).toBe('status');
  expect(pressInPrompt(key('ctrl+r'), text('st'), key('ctrl+r'), key('down')).line).toBe('stop rehearsal-1 graceful');
  expect(pressInPrompt(key('ctrl+r'), text('st'), key('up'), key('ctrl+s')).line).toBe('stop rehearsal-1 graceful');
  expect(pressInPrompt(text('li'), key('ctrl+r'), key('esc')).line).toBe('li');
  expect(pressInPrompt(key('ctrl+r'), text('status'), key('backspace'), key('ctrl+g')).line).toBe('');
  const taken = pressInPrompt(key('ctrl+r'), text('unch'), key('end'), text('!'));
  expect([taken.line, taken.screen.prompt.search]).toEqual(['launch 3 instances!', null]);
  expect(pressInPrompt(key('ctrl+r'), text('unch'), key('ctrl+c')).line).toBe('');
  const empty = pressInPrompt(key('ctrl+r'), text('?1'), key('ctrl+c'));
  expect([empty.screen.prompt.search, empty.screen.leavingAt, empty.screen.overlays.page]).toEqual([null, null, null]);
});

test('[TUI-2] Tab opens a menu that the arrows go through; Enter takes the word and runs nothing', () => {
  const open = pressInPrompt(text('li'), key('tab'));
  expect([open.line, open.screen.prompt.completion]).toEqual(['list ', null]);
  const menu = pressInPrompt(text('st'), key('tab'));
  expect([menu.line, menu.screen.prompt.completion?.candidates[0]?.help]).toEqual(['stop', 'to stop']);
  expect(pressInPrompt(text('st'), key('tab'), key('down')).line).toBe('status');
  expect(pressInPrompt(text('st'), key('tab'), key('up')).line).toBe('status');
  const taken = pressInPrompt(text('st'), key('tab'), key('down'), key('enter'));
  expect([taken.line, taken.effects, taken.screen.prompt.completion]).toEqual(['status ', [], null]);
  expect(pressInPrompt(text('st'), key('tab'), key('down'), key('enter'), key('enter')).effects).toEqual([
    ran('status'),
  ]);
});

test('Esc puts the menu away with what was typed, what is typed goes on behind the chosen word', () => {
  expect(pressInPrompt(text('st'), key('tab'), key('esc')).line).toBe('st');
  expect(pressInPrompt(text('st'), key('tab'), key('ctrl+g')).line).toBe('st');
  expect(pressInPrompt(text('st'), key('tab'), text(' x')).line).toBe('stop x');
  expect(pressInPrompt(text('st'), key('tab'), key('ctrl+u')).line).toBe('');
});

test('a menu that only shows what words have in common does not keep Enter from running the line', () => {
  const common = keyContext({ ...context, complete: () => ['stats', 'status'].map((word) => ({ word, help: '' })) });
  const { effects } = pressAll(start, [text('s'), key('tab'), text('us'), key('enter')], common);
  expect(effects).toEqual([ran('status')]);
  expect(pressAll(start, [text('list s'), key('tab'), key('enter')], common).effects).toEqual([ran('list stat')]);
});

test('[TUI-2] a text that is no command stays in the line, the cursor behind what is wrong; a second Ctrl-C leaves for two seconds', () => {
  const hint = () => ({ kind: 'error', message: 'no verb is called "rnu"' }) as const;
  const refused = typeInto(initialScreen([]), 'rnu all\r', keyContext({ hint }));
  expect([promptText(refused.screen.prompt), refused.screen.prompt.cursor, refused.typed]).toEqual(['rnu all', 3, '']);
  expect(refused.screen.commands.message?.text).toBe('no verb is called "rnu"');
  const half = () => ({ kind: 'incomplete', expects: ['tasks'] }) as const;
  const unfinished = typeInto(initialScreen([]), 'run all\r', keyContext({ hint: half }));
  expect([promptText(unfinished.screen.prompt), unfinished.screen.prompt.cursor, unfinished.typed]).toEqual([
    'run all',
    7,
    '',
  ]);
  expect(unfinished.screen.commands.message).toMatchObject({ tone: 'error', hint: 'What may stand there: tasks' });
  const once = typeInto(initialScreen([]), '\u0003', keyContext({ now: 1000 })).screen;
  expect(typeInto(once, '\u0003', keyContext({ now: 2900 })).typed).toContain('quit');
  expect(typeInto(once, '\u0003', keyContext({ now: 3000 })).typed).toBe('');
});
