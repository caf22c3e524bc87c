import { expect, test } from 'vitest';
import { initialScreen } from '../../../src/tui/model/screen-state.ts';
import { type PromptEdit, reducePrompt } from '../../../src/tui/prompt/prompt-reducer.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { created, moved, reply, task, threeAgents } from '../fake-swarm.ts';
import { openView } from '../open-view.ts';
import { insert } from '../prompt/edits.ts';
import { promptAfter, rows } from '../prompt/prompt-rows.ts';
import { alert, drawPanel, modelOf } from './draw-panel.ts';

test('the prompt shows the line, what is known of it, and the keys of the moment', () => {
  const typed = reducePrompt(initialScreen([]).prompt, { kind: 'insert', text: 'launch 3' });
  const model = {
    ...modelOf([], { prompt: typed }),
    hint: { kind: 'incomplete', expects: ['instances', 'agent'] },
  } as const;
  expect(drawPanel('prompt', model)).toBe(
    ['━'.repeat(100), ' ❯ launch 3', '  … instances · agent', ' Tab complete  ↑↓ history  Esc to the panes'].join('\n'),
  );
  expect(drawPanel('prompt', { ...model, hint: { kind: 'error', message: 'no such verb' } })).toContain(
    '✖ no such verb',
  );
  expect(drawPanel('prompt', modelOf([], { commands: { running: [{ command: 'x', since: null }] } }))).toContain('… x');
  expect(drawPanel('prompt', modelOf(threeAgents, { focus: 'panes', panes: { isZoomed: true } }))).toContain(
    'Esc all panes',
  );
  expect(drawPanel('prompt', modelOf([], {}, { columns: 40, rows: 3 }))).toBe(' ❯ Try: create task "…"');
  expect(drawPanel('prompt', modelOf([], {}, { columns: 40, rows: 10 }))?.split('\n')).toHaveLength(3);
});

test('[TUI-9] the empty command line proposes nothing against the banner', () => {
  const line = (drafts: readonly EventDraft[], focus: 'panes' | 'prompt' = 'prompt') =>
    drawPanel('prompt', modelOf(drafts, { focus }))!.split('\n')[1];
  const idle = [created(1), moved('rehearsal-1', 'idle')];
  const ready = [...idle, task('1', 'One')];
  expect(drawPanel('banner', modelOf(ready))).toContain('run all ready tasks');
  expect([line(ready), line(ready, 'panes')]).toEqual([' ❯ Type a command; Tab shows what there is', ' ❯ : command']);
  expect(drawPanel('prompt', modelOf(ready))).not.toContain('End ');
  expect(line([...ready, alert('error')])).toBe(' ❯ 1 agent idle, 1 task ready · Try: run all ready tasks');
  const failed = [...ready, alert('error', 'list alerts')];
  expect(line(failed)).toBe(' ❯ Besides: 1 agent idle, 1 task ready · End ↵ run all ready tasks');
  expect(line(failed, 'panes')).toBe(' ❯ : command · Besides: 1 agent idle, 1 task ready · E ↵ run all ready tasks');
  expect(line(idle)).toBe(' ❯ 1 agent without a task · Try: create task "…"');
});

test('[TUI-2] behind what is typed stands in grey what would follow, and what the command would do below it', () => {
  const hint = { kind: 'ok', says: 'stops 2 instances: a-1, a-2', asks: 'work is lost' };
  expect(rows({ prompt: promptAfter(insert('stop all')) }, { ghost: ' running', hint })).toEqual([
    ' ❯ stop all running',
    '  ✔ stops 2 instances: a-1, a-2   asks first',
    ' Enter run, asks first  → accept  Tab complete  ↑↓ history  Esc to the panes',
  ]);
});

test('lines within a command are marked, and a ghost never breaks the line', () => {
  expect(rows({ prompt: promptAfter(insert('tell "a\nb"')) }, { ghost: '\n\u001B[2Jx' })[0]).toBe(
    String.raw` ❯ tell "a⏎b" ⏎ \u001b[2Jx`,
  );
});

test('[TUI-2] a search shows what is sought and what it found', () => {
  const search: PromptEdit = { kind: 'search', direction: 'older' };
  const found = rows({ prompt: promptAfter(search, insert('task')) });
  expect([found[0], found.at(-1)]).toEqual([
    ' search "task" ❯ list tasks',
    ' Enter run  Ctrl-R the one before  → edit  Esc back',
  ]);
  expect(rows({ prompt: promptAfter(search, insert('x'.repeat(90))) })[0]).toMatch(/^ nothing more with "x+…" ❯$/u);
  expect(rows({ prompt: promptAfter(search) })[0]).toBe(' search "" ❯');
});

test('[TUI-2] an answer that takes more than two rows stands there whole, with what helps, where the screen has the room', async () => {
  const hint =
    'It takes the role operator. Say it in a terminal that no agent could have opened, or set security.unknownRole there: nobody can tell whether a person says it here.';
  const view = openView(threeAgents, {}, { columns: 80, rows: 24 });
  view.swarm.answer = async () => reply({ exit: 4, message: 'unknown may not say "stop instance"', hint });
  await view.see('rehearsal-1');
  const below = () =>
    view
      .screen()
      .split('\n')
      .slice(
        view
          .screen()
          .split('\n')
          .findIndex((row) => row.startsWith(' ❯')),
      )
      .join(' ');
  view.type('stop all instances\r');
  await view.see('says it here.');
  expect(below().replaceAll(/\s+/gu, ' ')).toContain(hint);
  // It goes with the next key, and so does the room that it took.
  view.type('x');
  await view.gone('says it here');
  expect(view.screen().split('\n')[21]).toMatch(/^ ❯ x/u);
});

test('on a narrow screen what is offered keeps its command whole', () => {
  const failed = [created(1), moved('rehearsal-1', 'idle'), task('1', 'One'), alert('error', 'list alerts')];
  const line = (columns: number, focus: 'panes' | 'prompt') =>
    drawPanel('prompt', modelOf(failed, { focus }, { columns, rows: 10 }))!.split('\n')[0];
  expect(line(40, 'panes')).toBe(' ❯ Besides: E ↵ run all ready tasks');
  expect(line(30, 'panes')).toBe(' ❯ E ↵ run all ready tasks');
  expect(line(40, 'prompt')).toBe(' ❯ Besides: End ↵ run all ready tasks');
});
