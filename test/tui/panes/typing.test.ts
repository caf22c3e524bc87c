import { expect, test } from 'vitest';
import { reduceScreen } from '../../../src/tui/model/screen-reducer.ts';
import { initialScreen, withPanes, withTabs } from '../../../src/tui/model/screen-state.ts';
import { IDS, keyContext } from '../control/key-context.ts';
import { onPanes } from '../control/screens.ts';
import { reply } from '../fake-swarm.ts';
import { typeInto } from './type-into.ts';

test.each([
  ['a burst with Enter', '\rhi\r', '<begin-typing>hi\r'],
  [
    'keys that mean much to the view',
    '\rqa:\u0003\u001A\u0007\u001B[A\t',
    '<begin-typing>qa:\u0003\u001A\u0007\u001B[A\t',
  ],
  ['a paste as it came', '\r\u001B[200~two\nlines\u001B[201~', '<begin-typing>\u001B[200~two\nlines\u001B[201~'],
  ['a line of an input method', '\rにほんご👍🏽e\u0301', '<begin-typing>にほんご👍🏽e\u0301'],
  [
    'keys that the view does not know',
    '\r\u001B[25~\u001B[57441u\u001BOx',
    '<begin-typing>\u001B[25~\u001B[57441u\u001BOx',
  ],
  ['a second chord', '\rhi\u001D\u001Dho', '<begin-typing>hi<end-typing><begin-typing>ho'],
])('%s goes to the agent that has the keyboard, in order', (_what, keys, typed) => {
  expect(typeInto(onPanes, keys).typed).toBe(typed);
});

test('what the terminal answers to questions of ours is not typed into an agent', () => {
  const answers = '\u001B[0n\u001B[?62;c\u001B]11;rgb:0/0/0\u0007\u001B[12;40R\u001B[I\u001B[3n\u001BP1$r0m\u001B\\';
  expect(typeInto(onPanes, `\r${answers}x`).typed).toBe('<begin-typing>x');
});

test('the chord takes the keyboard back, and what follows in the same burst is for the view', () => {
  const { screen, typed } = typeInto(onPanes, '\rhi\u001Dl');
  expect([typed, screen.panes.typing, screen.panes.selected, screen.focus]).toEqual([
    '<begin-typing>hi<end-typing>',
    null,
    'a-2',
    'panes',
  ]);
  expect(typeInto(initialScreen(IDS), '\rhi\u001Dx').screen.focus).toBe('prompt');
});

test('while an agent has the keyboard a question of ours waits: no key of its answers it', () => {
  const confirm = { targets: ['a-1'], loses: 'x', token: 't', expires: '' };
  const typing = typeInto(onPanes, '\r').screen;
  const asked = reduceScreen(typing, { kind: 'replied', command: 'stop all', reply: reply({ exit: 5, confirm }) });
  expect(typeInto(asked, 'y\r').typed).toBe('y\r');
  expect(typeInto(asked, 'y\u001D').screen.overlays.dialog?.command).toBe('stop all');
});

test('whoever types into an agent that has gone types into nothing until they have seen it', () => {
  const typing = typeInto(onPanes, '\r').screen;
  const over = reduceScreen(typing, { kind: 'left', id: 'a-1', reason: 'its session has ended' });
  expect(typeInto(over, 'stop all q')).toMatchObject({
    typed: '',
    screen: { panes: { typing: { over: 'its session has ended' } } },
  });
  for (const key of ['\r', '\u001D', '\u001B']) expect(typeInto(over, `abc${key}`).screen.panes.typing).toBeNull();
  expect(reduceScreen(typing, { kind: 'left', id: 'a-1', reason: null }).panes.typing).toBeNull();
  expect(reduceScreen(typing, { kind: 'left', id: 'a-9', reason: null }).panes.typing?.id).toBe('a-1');
  const gone = reduceScreen(typing, { kind: 'instances', ids: ['a-2'], shown: ['a-2'] });
  expect(typeInto(gone, 'q').screen).toMatchObject({
    panes: { selected: 'a-2', typing: { id: 'a-1', over: 'it is gone' } },
  });
});

test('nobody types into an agent that is not on the screen', () => {
  expect(typeInto(withTabs(onPanes, { open: 'tasks' }), '\u001D').typed).toBe('');
  expect(typeInto(withPanes(onPanes, { selected: null }), '\r').typed).toBe('');
});

test('the mouse in the pane is the agent’s where it asked for it, else it reads back; elsewhere it takes the keyboard back', () => {
  const pane = { x: 10, y: 5, width: 20, height: 10 };
  const places = [{ id: 'a-1', frame: pane, pane }];
  const typing = typeInto(onPanes, '\r').screen;
  const click = '\u001B[<0;12;8M';
  const wheel = '\u001B[<64;12;8M';
  const context = keyContext({ bounds: places, scroll: { most: 100, height: 10 } });
  expect(typeInto(typing, click + wheel, { ...context, mouseWanted: true }).typed).toBe(
    '\u001B[<0;2;3M\u001B[<64;2;3M',
  );
  expect(typeInto(typing, click, context).typed).toBe('');
  expect(typeInto(typing, wheel, context).screen.panes.scroll).toEqual({ id: 'a-1', above: 3 });
  expect(typeInto(typing, `${wheel}x`, context)).toMatchObject({ typed: 'x', screen: { panes: { scroll: null } } });
  expect(typeInto(typing, '\u001B[<0;1;1m', context).screen.panes.typing).not.toBeNull();
  expect(typeInto(typing, '\u001B[<0;1;1M', context)).toMatchObject({
    typed: '<end-typing>',
    screen: { panes: { typing: null } },
  });
});
