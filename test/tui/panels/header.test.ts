import { expect, test } from 'vitest';
import type { EventDraft } from '../../../src/state/index.ts';
import { many, moved, task, threeAgents } from '../fake-swarm.ts';
import { drawPanel, modelOf } from './draw-panel.ts';

const six = many(6);

test('the header tells a daemon that was stopped from one that is lost', () => {
  expect(drawPanel('header', { ...modelOf(threeAgents), connected: false })).toContain(
    '✖ no connection: this is how it was',
  );
  const stopped = modelOf([...threeAgents, { type: 'daemon.stopped', data: { pid: 1 } }]);
  expect(drawPanel('header', { ...stopped, connected: false })).toContain(
    '○ daemon stopped: a command starts it again',
  );
});

test('the header says how long a daemon that is connected has been silent', () => {
  const model = modelOf(threeAgents);
  expect(drawPanel('header', { ...model, silentSince: model.now - 3400 })).toMatch(
    /○ daemon silent for 3 s: this is how it was$/mu,
  );
  expect(drawPanel('header', { ...model, silentSince: model.now + 5000 })).toContain('silent for 1 s');
  expect(drawPanel('header', { ...model, connected: false, silentSince: 0 })).not.toContain('silent');
});

test('the header counts states by glyph and word and says how far the tasks are', () => {
  const done: EventDraft = {
    ...task('1', 'First'),
    data: { ...(task('1', 'First').data as object), done: true },
  } as EventDraft;
  const model = modelOf([...threeAgents, done, moved('rehearsal-3', 'stuck')]);
  expect(drawPanel('header', model)).toBe(
    ` ◆ drover  repo    1 needs you   ✖ 1 stuck  ● 2 working${' '.repeat(13)}tasks ▰▰▰▱▱▱▱▱▱▱ 1/4   ● daemon`,
  );
});

test.each([
  [90, ' ◆ drover  repo   ● 2 working  ○ 1 idle', 'tasks ▱▱▱▱▱▱▱▱▱▱ 0/3   ● daemon'],
  [65, ' ◆ drover  repo   ● 2 working  ○ 1 idle', 'tasks 0/3   ● daemon'],
  [58, ' ◆ drover  ● 2 working  ○ 1 idle', 'tasks 0/3   ● daemon'],
  [48, ' ◆ ● 2 working  ○ 1 idle', 'tasks 0/3   ● daemon'],
  [44, ' ◆ ● 2 working  ○ 1 idle', '● daemon'],
  [20, ' ◆ ● 2 working', '…'],
])('in %d columns the header keeps what matters most', (columns, left, right) => {
  const header = drawPanel('header', modelOf(threeAgents, {}, { columns, rows: 20 }));
  expect([header?.startsWith(left), header?.endsWith(right), header]).toEqual([true, true, header]);
});

test('the header says how many need a person', () => {
  expect(drawPanel('header', modelOf(six))).not.toContain('need');
  expect(drawPanel('header', modelOf([...six, moved('rehearsal-2', 'stuck')]))).toContain(' 1 needs you ');
  const two = [...six, moved('rehearsal-2', 'stuck'), moved('rehearsal-3', 'failed')];
  expect(drawPanel('header', modelOf(two, {}, { columns: 40, rows: 20 }))).toContain(' 2 need you ');
});
