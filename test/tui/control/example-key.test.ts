import { expect, test } from 'vitest';
import { reducePrompt } from '../../../src/tui/prompt/prompt-reducer.ts';
import { initialScreen, withTabs } from '../../../src/tui/model/screen-state.ts';
import { promptText } from '../../../src/tui/prompt/prompt-state.ts';
import { IDS, keyContext } from './key-context.ts';
import { pressAll, text } from './press-keys.ts';

test('[TUI-9] what the command line offers has a key where the views have the keys, in every view', () => {
  const panes = { ...initialScreen(IDS), focus: 'panes' } as const;
  for (const open of ['agents', 'tasks', 'metrics'] as const) {
    const { screen, effects } = pressAll(
      withTabs(panes, { open }),
      [text('E')],
      keyContext({ example: 'run all ready tasks' }),
    );
    expect([promptText(screen.prompt), screen.focus, effects]).toEqual(['run all ready tasks', 'prompt', []]);
  }
  const nothing = pressAll(panes, [text('E')], keyContext({ example: null })).screen;
  expect([promptText(nothing.prompt), nothing.focus, nothing.commands.message?.text]).toEqual([
    '',
    'panes',
    'nothing is offered',
  ]);
});

test('a draft in the command line keeps nobody in the views from going to another one', () => {
  const panes = { ...initialScreen(IDS), focus: 'panes' } as const;
  const draft = { ...panes, prompt: reducePrompt(panes.prompt, { kind: 'insert', text: 'stop t9' }) };
  const { screen } = pressAll(draft, [text('2')]);
  expect([screen.tabs.open, promptText(screen.prompt)]).toEqual(['tasks', 'stop t9']);
  const typing = pressAll({ ...draft, focus: 'prompt' }, [text('2')]).screen;
  expect([typing.tabs.open, promptText(typing.prompt)]).toEqual(['agents', 'stop t92']);
});
