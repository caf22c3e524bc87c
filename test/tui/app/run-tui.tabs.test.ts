import { expect, test } from 'vitest';
import { created, moved, reply, threeAgents } from '../fake-swarm.ts';
import { openView } from '../open-view.ts';
import { alert } from '../panels/draw-panel.ts';

const answers: Record<string, unknown> = {
  'tree worktrees': [],
  'list logs': [{ instance: 'rehearsal-1', last: 'the last line', found: [] }],
  'show log rehearsal-1 limit=1000': { instance: 'rehearsal-1', text: 'a line of its log' },
};
const ask = async (text: string) => reply({ data: answers[text] ?? [], text: `what ${text} says` });

test('[TUI-6] each number opens its view, and its keys stand below', async () => {
  const view = openView([...threeAgents, alert('error', 'restart instance r')], { ask });
  await view.see('1 Agents');
  for (const [key, shown] of [
    ['2', '● running 2'],
    ['3', 'No worktree. Each instance gets one of its own.'],
    ['4', 'Nothing was said yet.'],
    ['5', 'error text'],
    ['6', 'passed the check'],
    ['7', 'a line of its log'],
    ['8', 'what help says'],
    ['1', 'rehearsal-2 ━'],
  ] as const) {
    view.type(key);
    await view.see(shown.replace(' ━', ''));
    if (key !== '1') await view.see('/ ');
  }
  // Looking asks nothing that the history would keep.
  expect(view.swarm.ran).toEqual([]);
});

test('in a view the selection moves with the arrows, and a key runs what it says for it', async () => {
  const view = openView(threeAgents, { ask });
  view.type('2');
  await view.see('x cancel');
  view.type('v');
  await view.see('● 2.2    Write the grammar');
  view.type('\u001B[Bd');
  await view.see('did show diff 2.2');
  view.type('kb');
  await view.see('did show brief 2.1');
  view.type('\u001B[F\r');
  await view.see('did show task 2.3');
  expect(view.swarm.ran.map(({ text }) => text)).toEqual(['show diff 2.2', 'show brief 2.1', 'show task 2.3']);
});

test('on the board the arrows go from column to column, past empty ones', async () => {
  const view = openView(threeAgents, { ask }, { columns: 150, rows: 36 });
  view.type('2');
  await view.see('◇ ready 0');
  view.type('\u001B[C\r');
  await view.see('did show task 2.3');
  view.type('h\u001B[B\r');
  await view.see('did show task 2.2');
  view.type('h\r');
  await view.see('did show task 2.2');
});

test('a filter narrows a view while it is typed, stays, and goes with Escape', async () => {
  const view = openView(threeAgents, { ask });
  view.type('2v/GRAMMAR');
  await view.see('/ GRAMMAR');
  await view.gone('2.1    Parse the lines');
  expect(view.screen()).toContain('2.2    Write the grammar');
  view.type('\r');
  await view.see('x cancel');
  view.type('\r');
  await view.see('did show task 2.2');
  view.type('\u001B');
  await view.see('2.1    Parse the lines');
  view.type('\u001B');
  await view.see('60%');
});

test('a filter is edited like a line, and one that is empty is left with Backspace', async () => {
  const view = openView(threeAgents, { ask });
  view.type('2v/parse no');
  await view.gone('2.1    Parse');
  view.type('\u0017');
  await view.see('2.1    Parse');
  view.type('\u0015zz\u007F\u007F');
  await view.see('2.2    Write');
  view.type('\u007F');
  await view.see('x cancel');
});

test('the panes are filtered by name, state, task and question', async () => {
  const view = openView([...threeAgents, created(4), moved('rehearsal-4', 'waiting', 'Deploy it?')], { ask });
  await view.panes();
  view.type('/deploy');
  await view.gone('rehearsal-1 ━');
  await view.see('? Deploy it?');
  view.type('\u0015grammar');
  await view.see('2.2 Write the grammar');
  await view.gone('rehearsal-4 ━');
  view.type(' nobody');
  await view.see('No agent has “grammar nobody” in its name, state or task.');
  view.type('\u001B');
  await view.see('2.1 Parse the lines');
  await view.see('■ rehearsal-4');
});

test('the next one that needs a person is shown among the panes, whichever view is open', async () => {
  const view = openView([...threeAgents, created(4), moved('rehearsal-4', 'waiting', 'Deploy it?')], { ask });
  view.type('6');
  await view.see('passed the check');
  view.type('n');
  await view.see('▶ rehearsal-4');
});

test('the list of keys begins with those of the view that is open', async () => {
  const view = openView(threeAgents, { ask });
  view.type('2');
  await view.see('x cancel');
  view.type('?');
  await view.see(/Decide[\s\S]*start the task/u);
});

test('a command can be typed in any view, which stays open', async () => {
  const view = openView(threeAgents, { ask });
  view.type('6');
  await view.see('passed the check');
  view.type(':list tasks\r');
  await view.see('did list tasks');
  expect(view.screen()).toContain('passed the check');
});
