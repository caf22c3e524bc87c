import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { attentionOf, offeredTo } from '../../src/attention/attention.ts';
import { maySay } from '../../src/commands/dispatch.ts';
import { parse } from '../../src/protocol/parse.ts';
import { ROLES, type Role } from '../../src/protocol/signature.ts';
import { themeOf } from '../../src/lib/palette.ts';
import type { EventDraft, State } from '../../src/state/index.ts';
import type { ResourceRow } from '../../src/text/resource-rows.ts';
import { contrast } from '../../src/tui/theme/contrast.ts';
import { BY_BACKGROUND } from '../../src/tui/theme/themes.ts';
import type { LanguageAnswer } from '../../src/web/wire.ts';
import { boardOf, columnOf, countIn, moveCommand } from '../../web/src/model/board.ts';
import { candidatesFor, hintOf, withCandidate } from '../../web/src/model/completion.ts';
import { finishedWords } from '../../web/src/model/card-words.ts';
import { lastWords } from '../../src/tui/panes/last-work.ts';
import { farOf, nextIn } from '../../web/src/model/far.ts';
import { hitIn, lineFilter, makeLogBuffer } from '../../web/src/model/log-buffer.ts';
import { lackOf, maySayOf, readerOf } from '../../web/src/model/may-say.ts';
import { curvesOf, figuresOf, timelineOf } from '../../web/src/model/metrics.ts';
import { ownColour } from '../../web/src/model/own-colour.ts';
import { withUses } from '../../web/src/model/resource-history.ts';
import { hashOf, onceIn, routeOf } from '../../web/src/model/route.ts';
import { fieldOf, fieldText, setCommand, troubleWith } from '../../web/src/model/setting-fields.ts';
import { joined, sampleCurve, sampleOf, withSample } from '../../web/src/model/swarm-samples.ts';
import { actionOf } from '../../web/src/model/step-action.ts';
import { language as spoken } from '../fixtures/signatures.ts';
import {
  AT,
  assigned,
  begin,
  claimed,
  created,
  failed,
  instance,
  requested,
  started,
  unchecked,
  verified,
} from '../tasks/journal.ts';

const language: LanguageAnswer = {
  signatures: spoken.signatures,
  agents: spoken.agents,
  modes: spoken.modes ?? [],
  commands: spoken.commands.map(
    ({ verb, noun, summary, example, role, agents = false, reads, writesWith = [], looksWith = null }) => ({
      ...{ verb, noun, summary, example, role, agents, reads, writesWith, looksWith, asks: false },
      params: [],
    }),
  ),
};

test('an address names a view and one of its things, whatever stands in their names', () => {
  for (const subject of [null, 'rehearsal-1', 'feature/a b#c%2F'])
    expect(routeOf(hashOf('review', subject))).toEqual({ view: 'review', subject });
  expect(routeOf('#/nowhere/3')).toEqual({ view: 'agents', subject: null });
  expect(routeOf('#/tasks/%')).toEqual({ view: 'tasks', subject: '%' });
  expect(onceIn('#once=a-Z_9')).toBe('a-Z_9');
  expect(onceIn('#/tasks')).toBeNull();
});

test('the colours of the page are those of the screen’s themes, and agents can be read in theirs', () => {
  const css = readFileSync(fileURLToPath(new URL('../../web/src/styles/theme.css', import.meta.url)), 'utf8');
  const hex = (rgb: number): string => `#${rgb.toString(16).padStart(6, '0')}`;
  const { light, dark } = BY_BACKGROUND;
  for (const name of ['red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'grey'] as const)
    expect(css).toContain(`--${name}: light-dark(${hex(light.colors[name])}, ${hex(dark.colors[name])});`);
  for (const [scheme, panel] of [
    ['light', 0xffffff],
    ['dark', 0x161a20],
  ] as const)
    for (let n = 0; n < 20; n += 1) {
      const colour = ownColour(themeOf(n).primary_color, scheme)!;
      expect(contrast(Number.parseInt(colour.slice(1), 16), panel)).toBeGreaterThanOrEqual(4.5);
    }
  expect(ownColour('red', 'dark')).toBeUndefined();
});

const board = begin(
  created('1', {}, true),
  created('2'),
  created('3'),
  created('4', { dependencies: ['2'] }),
  created('5'),
  created('6'),
  requested('5'),
  assigned('6', 'rehearsal-1'),
  assigned('3', 'rehearsal-2'),
  started('3', 'rehearsal-2'),
);

test('tasks stand in columns by the groups of the screen, and a move of a card is a command that is understood', () => {
  const at = Object.fromEntries(
    Object.entries(boardOf(board)).map(([name, tasks]) => [name, tasks.map(({ id }) => id)]),
  );
  expect(at).toEqual({ waiting: ['4'], ready: ['2'], queued: ['5', '6'], running: ['3'], stopped: [], done: ['1'] });
  const move = (id: string, to: Parameters<typeof moveCommand>[1]) => moveCommand(board.tasks[id]!, to, board);
  expect(move('2', 'running')).toBe('run task 2');
  expect(move('3', 'ready')).toBe('stop task 3');
  expect(move('5', 'ready')).toBe('pause task 5');
  expect(move('6', 'ready')).toBe('unassign task 6');
  expect(move('1', 'running')).toBeNull();
  expect(move('2', 'done')).toBeNull();
  expect(columnOf(board.tasks['3']!, board)).toBe('running');
  for (const [id, to] of [
    ['2', 'running'],
    ['3', 'ready'],
    ['5', 'ready'],
    ['6', 'ready'],
  ] as const)
    expect(parse(move(id, to)!, spoken).ok).toBe(true);
});

test('[WEB-3] lines of terminals have no escape codes left, and only those with the words are kept', () => {
  let now = 0;
  const buffer = makeLogBuffer(() => now);
  buffer.restart('a');
  buffer.push('a', 'an old line\r\n');
  now = 5000;
  buffer.push('a', '\u001B[31mERROR\u001B[0m bad \u001B]0;title\u0007thing\r\nfine \u202Eevil\r\nERR');
  expect(buffer.lines.map(({ text, at }) => [text, at])).toEqual([
    ['an old line', null],
    ['ERROR bad thing', 5000],
    ['fine \\u202eevil', 5000],
  ]);
  buffer.push('a', 'OR again\n');
  const keeps = lineFilter('ERROR')!;
  expect(buffer.lines.filter(({ text }) => keeps(text)).map(({ text }) => text)).toEqual([
    'ERROR bad thing',
    'ERROR again',
  ]);
  expect(lineFilter('error')!('an ERROR')).toBe(true);
  expect(lineFilter('/err.r/i')!('an ERROR')).toBe(true);
  expect(lineFilter('/(/')).toBeNull();
  expect(hitIn('an ERROR here', 'error')).toEqual([3, 8]);
});

test('a setting is filled in by what its schema says, and what is wrong with it is known before it is said', () => {
  expect(fieldOf('limits.maxInstances')).toEqual({ kind: 'number' });
  expect(fieldOf('security.localRole').kind).toBe('choice');
  expect(fieldOf('agents')).toEqual({ kind: 'json' });
  expect(fieldText({ a: 1 })).toBe('{"a":1}');
  expect(troubleWith('limits.maxInstances', '12')).toBeNull();
  expect(troubleWith('limits.maxInstances', 'many')).toContain('limits.maxInstances');
  const said = parse(setCommand('checks.task', 'npm test -- "a b"'), spoken);
  expect(said.ok && said.meaning.parameters).toMatchObject({ value: 'npm test -- "a b"' });
});

test('a line is completed and foretold in the browser as in the prompt bar', () => {
  const words = candidatesFor('run task ', language, board).map(({ word }) => word);
  expect(words).toEqual(expect.arrayContaining(['2', '5']));
  expect(candidatesFor('run task ', language, board).find(({ word }) => word === '2')?.help).toContain('open');
  const hint = (text: string, role: Role) => hintOf(text, language, { role });
  expect(hint('run all ready tasks', 'operator').kind).toBe('ok');
  // That a line is understood is no promise: about what is there only the daemon knows.
  const unsure = { kind: 'ok', mayFail: true };
  expect(['run all ready tasks', 'run task nothing-like-it'].map((line) => hint(line, 'operator'))).toMatchObject([
    unsure,
    unsure,
  ]);
  expect(hint('list instances', 'viewer')).not.toHaveProperty('mayFail');
  expect(hint('run all ready tasks', 'viewer')).toMatchObject({ kind: 'error', understood: true });
  expect(hint('sotp all', 'viewer')).toMatchObject({ kind: 'error', message: expect.not.stringContaining('role') });
  expect(withCandidate('run ta', 'task')).toBe('run task ');
  expect(withCandidate('launch 2 instances a', 'agent=')).toBe('launch 2 instances agent=');
});

test('what a role may say is what the registry asks for', () => {
  const lack = (line: string, role: Role) => lackOf(line, { role }, language);
  expect(lack('run task 2', 'viewer')).toBe('It takes the role operator. Yours is viewer.');
  expect(lack('run task 2', 'operator')).toBeNull();
  expect(lack('set config agent "x"', 'operator')).toContain('admin');
  expect(lack('review task 2', 'viewer')).toBeNull();
  expect(lack('report progress 50', 'agent')).toBeNull();
});

test('a line is refused on the page exactly where the daemon refuses it, whoever says it', () => {
  const lines = spoken.commands.flatMap(({ example, writesWith = [], modifiers }) => [
    example,
    ...modifiers.filter((one) => writesWith.includes(one)).map((one) => `${example} --${one}`),
  ]);
  for (const role of ROLES)
    for (const line of lines) {
      const actor = { name: 'web', role };
      expect([line, maySayOf({ role }, language)(line)]).toEqual([line, maySay({ actor, language: spoken }, line)]);
    }
});

test('what needs somebody stays on the page of who may only look, and what they are refused does not', () => {
  const state = begin(created('1'), ...instance('a-1'), ...instance('a-2', 'lost'));
  const offered = (role: Role) => offeredTo(attentionOf(state), maySayOf({ role }, language));
  const helps = (role: Role) => offered(role).needs.map(({ help }) => help);
  expect(offered('operator').work.map(({ command }) => command)).toContain('run all ready tasks');
  expect(offered('viewer').work).toEqual([]);
  expect([helps('operator'), helps('viewer')]).toEqual([['restart instance a-2'], ['show instance a-2']]);
});

test('nobody at the page may do more than the daemon lets its server do', () => {
  const doubt = 'Nobody knows.';
  expect(readerOf('admin', null)).toEqual({ role: 'admin' });
  expect(readerOf('viewer', { name: 'web', role: 'admin' }).role).toBe('viewer');
  // What keeps the server from more is not what keeps them from it.
  const lookedAt = readerOf('viewer', { name: 'web', role: 'operator', doubt });
  expect(lackOf('run task 2', lookedAt, language)).toBe('It takes the role operator. Yours is viewer.');
  const reader = readerOf('admin', { name: 'unknown', role: 'viewer', doubt });
  expect(lackOf('run task 2', reader, language)).toBe(`It takes the role operator. ${doubt} Yours is viewer.`);
});

test('what is suggested leads to where it is done, or is read first, or is said', () => {
  expect(actionOf('answer kiro-1 "…"')).toMatchObject({ kind: 'go', view: 'alerts', subject: 'kiro-1' });
  expect(actionOf('review task 3.1')).toMatchObject({ kind: 'go', view: 'review', subject: '3.1' });
  expect(actionOf('review task "ready"')).toMatchObject({ kind: 'go', view: 'review', subject: 'ready' });
  expect(actionOf('create task "…"')).toEqual({ kind: 'fill', line: 'create task "…"' });
  expect(actionOf('merge all', 'merge')).toEqual({ kind: 'fill', line: 'merge all' });
  // What brings commits in is written into the line, as on the screen.
  expect(actionOf('sync branch i', 'catch-up')).toEqual({ kind: 'fill', line: 'sync branch i' });
  expect(actionOf('retry task 3')).toEqual({ kind: 'run', line: 'retry task 3' });
});

test('curves end with the numbers of now, and the timeline has a bar for each run', () => {
  const state = begin(created('1'), created('2'), started('1', 'a'), verified('1'), started('2', 'b'));
  const now = Date.parse(AT) + 60_000;
  const curves = curvesOf(state, now)!;
  expect(curves.verified.at(-1)).toEqual({ x: now, y: 1 });
  expect(curves.failed.at(-1)).toEqual({ x: now, y: 0 });
  expect(curves.working.at(-1)).toEqual({ x: now, y: 1 });
  expect(figuresOf(state)).toMatchObject({ done: 1, total: 2, verified: 1, failed: 0, held: 1 });
  expect(
    [...timelineOf(state, now)].map(([who, bars]) => [who, bars.map(({ task, kind }) => `${task} ${kind}`)]),
  ).toEqual([
    ['a', ['1 verified']],
    ['b', ['2 open']],
  ]);
  expect(curvesOf(begin(created('1')), now)).toBeNull();
});

test('a run that claimed nothing is no claim, and one that failed its gate after it was verified did not hold', () => {
  const crashed = [created('1'), started('1', 'a'), failed('1')];
  expect(figuresOf(begin(...crashed))).toMatchObject({ verified: 0, failed: 1, held: null });
  const good = [created('2'), started('2', 'a'), claimed('2'), verified('2')];
  const broken = [created('3'), started('3', 'a'), claimed('3'), verified('3'), failed('3')];
  const state = begin(...crashed, ...good, ...broken);
  expect(figuresOf(state)).toMatchObject({ verified: 1, failed: 2, held: 0.5 });
  expect(curvesOf(state, Date.parse(AT) + 1)!.verified.at(-1)).toMatchObject({ y: 1 });
});

test('[WEB-1] the racers of a task are no tasks of their own in the figures, as in the header', () => {
  const racers = ['a', 'b'].map((racer) => ({ id: `1@${racer}`, instance: racer, agent: racer }));
  const race: EventDraft = { type: 'race.started', data: { id: '1', winner_by: 'ask', mode: null, racers } };
  const state = begin(created('1'), race);
  expect(Object.keys(state.tasks)).toHaveLength(3);
  expect(figuresOf(state)).toMatchObject({ done: 0, total: 1 });
});

test('what is done and no check has looked at is counted apart in the header, the figures and the board', () => {
  const state = begin(created('1'), created('2'), started('1', 'a'), unchecked('1'));
  expect(figuresOf(state)).toMatchObject({ done: 1, unchecked: 1, total: 2 });
  expect(farOf(state)).toMatchObject({ tasks: '1/2 (1 unchecked)', inWords: '1 of 2 tasks done (1 unchecked)' });
  expect(farOf(begin())).toMatchObject({ tasks: null });
  expect(countIn('done', boardOf(state).done)).toBe('1 (1 unchecked)');
  expect(countIn('ready', boardOf(state).ready)).toBe('1');
});

test('the task that comes next is none that has begun since it was foretold, as on the screen', () => {
  const state = begin(created('1'), created('2'), requested('1', '2'), started('1', 'a'));
  const outlook = { leftMs: null, next: '1', foretold: 0, open: 2, late: null };
  const around = { agent: null, isUsual: true, plans: [] };
  expect(nextIn(state, outlook, null)).toBe('2');
  expect(nextIn(state, { ...outlook, next: '2' }, around)).toBe('2');
  expect(nextIn(begin(created('1')), { ...outlook, next: null }, around)).toBeNull();
  // Nothing comes next that a person has to assign before.
  expect(nextIn(state, outlook, { ...around, isManual: true })).toBeNull();
});

test('what was used is said in money, or in tokens where nobody tells a price', () => {
  const used = (usd: number): EventDraft => ({
    type: 'usage.measured',
    data: {
      ...{ instance_id: 'a', conversation: 'c', task: null, context: null, turns: 1, usd },
      models: { m: { input_tokens: 12_000, output_tokens: 800, cache_read_tokens: 0, cache_write_tokens: 0 } },
      unpriced_tokens: usd > 0 ? 0 : 12_800,
    },
  });
  expect([0, 0.12].map((usd) => farOf(begin(used(usd))).spent)).toEqual(['12.8k tokens', '$0.12']);
  expect(farOf(begin()).spent).toBe('');
});

test('a claim that no check has looked at is none that held', () => {
  const result = { head_commit: 'a', commits: 1, files: 1, insertions: 1, deletions: 0, check_ms: 0, check_output: '' };
  const state = begin(created('1'), started('1', 'a'), claimed('1'), {
    type: 'run.verified',
    data: { id: '1', result },
  });
  expect(figuresOf(state)).toMatchObject({ done: 1, failed: 0, held: null });
});

test('what is known of now alone is sampled every five seconds', () => {
  const state = begin(created('1'));
  let samples = withSample([], state, 0);
  samples = withSample(samples, state, 4000);
  samples = withSample(samples, state, 5000);
  expect(sampleCurve(samples, ({ waiting }) => waiting)).toEqual([
    { x: 0, y: 0 },
    { x: 5000, y: 0 },
  ]);
});

test('[WEB-1] what happened since the last sample is in the curve as well', () => {
  const before = begin(...instance('a-1'));
  const asks: EventDraft = { type: 'instance.moved', data: { instance_id: 'a-1', state: 'waiting', source: 'hook' } };
  const state = begin(...instance('a-1'), asks);
  const samples = withSample(withSample([], before, 0), state, 4000);
  expect(samples).toHaveLength(1);
  const all = joined([], samples, sampleOf(state, 9000));
  expect(sampleCurve(all, ({ waiting }) => waiting).at(-1)).toEqual({ x: 9000, y: 1 });
});

test('what the journal tells of before goes on with what the page has seen, and each value holds until the next', () => {
  const at = (moment: number, waiting: number) => ({ at: moment, waiting, usd: 0, tokens: 0 });
  const all = joined([at(0, 0), at(10, 2), at(20, 1), at(31, 5)], [at(30, 0), at(40, 1)], at(50, 1));
  expect(all.map((one) => [one.at, one.waiting])).toEqual([
    [0, 0],
    [10, 2],
    [20, 1],
    [30, 0],
    [40, 1],
    [50, 1],
  ]);
  expect(sampleCurve(all, ({ waiting }) => waiting, 15).map(({ x, y }) => [x, y])).toEqual([
    [15, 2],
    [20, 2],
    [20, 1],
    [30, 1],
    [30, 0],
    [40, 0],
    [40, 1],
    [50, 1],
  ]);
  expect(joined([at(1, 1)], [], at(2, 1))).toHaveLength(2);
});

test('[WEB-1] the last point of a chart is what was measured last', () => {
  const row = (at: string, cpu_percent: number): ResourceRow => ({
    ...{ instance_id: 'a', state: 'idle', task: null, cpu_average: null, processes: 1, memory_mb: 50 },
    ...{ at, cpu_percent },
  });
  let history = withUses(new Map(), [row('2026-01-01T00:00:00Z', 10)]);
  history = withUses(history, [row('2026-01-01T00:00:00Z', 10)]);
  history = withUses(history, [row('2026-01-01T00:00:02Z', 30)]);
  expect(history.get('a')!.map(({ cpu }) => cpu)).toEqual([10, 30]);
  expect(withUses(history, []).size).toBe(0);
});

test('the card of a merged task says how long ago it was merged, not how long it has been done', () => {
  const { tasks } = begin(created('1'), started('1', 'a'), claimed('1'), verified('1'));
  const task = { ...tasks['1']!, merge_commit: 'c', batch: 'b1' };
  const done = Date.parse(AT);
  const finished_at = new Date(done + 60_000).toISOString();
  const batches = { b1: { finished_at, started_at: AT } } as unknown as State['batches'];
  expect(finishedWords(task, { batches }, done + 65_000)).toBe('merged 5s');
  expect(finishedWords(tasks['1']!, { batches: {} }, done + 65_000)).toBe('1m');
});

test('the card of an agent names the attempt that went on with somebody else, as the screen does', () => {
  const first = [created('1'), started('1', 'a'), failed('1')];
  const { tasks } = begin(...first, started('1', 'b'), claimed('1'), verified('1'));
  const task = tasks['1']!;
  expect([task.history[0]!, task.run!].map((run) => lastWords({ task, run }))).toEqual([
    'attempt 1 failed',
    'verified',
  ]);
});

test('what a task takes is told on the page without the time in which its agent stood still, as on the screen', () => {
  const state = begin(created('1'), started('1', 'a'), claimed('1'), verified('1'));
  const task = state.tasks['1']!;
  const ended_at = new Date(Date.parse(task.run!.started_at) + 25_000).toISOString();
  const run = { ...task.run!, ended_at, waited_ms: 20_000 };
  expect(figuresOf({ ...state, tasks: { '1': { ...task, run } } }).usualMs).toBe(5000);
});
