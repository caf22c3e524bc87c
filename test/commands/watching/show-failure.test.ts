import { expect, test } from 'vitest';
import type { Context } from '../../../src/commands/define.ts';
import { showTask } from '../../../src/commands/tasks/show-task.ts';
import { listFailure } from '../../../src/commands/watching/list-failure.ts';
import { showFailure } from '../../../src/commands/watching/show-failure.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import { NOTHING_COMMITTED } from '../../../src/state/failure-classes.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import type { FailureClass, Run } from '../../../src/state/tasks.ts';
import { sandboxNote, WITHOUT_NETWORK } from '../../../src/tasks/check-problem.ts';
import { openDesk } from '../../helpers/desk.ts';
import { assigned, created, failed, instance, moved, started, verified } from '../../tasks/journal.ts';

/** What an agent printed, line by line: before it broke, and since. */
const readTimedLog: Context['readTimedLog'] = async () => [];

const broken = [
  ...instance('c-1', 'working'),
  created('1'),
  assigned('1', 'c-1'),
  started('1', 'c-1'),
  failed('1'),
  moved('c-1', 'lost'),
];

test('a failure is shown with where its work is and what tries it again', async () => {
  const desk = openDesk([showFailure, listFailure, showTask], broken, { readTimedLog });
  const [run, lost] = (await desk.say('list failures')).data as { id: string }[];
  const { message, data, text } = await desk.say(`show failure ${run!.id}`);
  expect(message).toBe(`${run!.id}: 1 check: it failed`);
  expect(data).toMatchObject({ title: 'Title of 1', branch: 'feature/1', next: 'retry task 1' });
  expect(text).toMatch(/^state: +open\n\nSuggested:\n {2}show diff 1 +see what it changed$/m);
  expect((await desk.say('show task 1')).text).toMatch(/\nSuggested: show failure 1$/u);
  expect((await desk.say(`show failure ${lost!.id}`)).data).toMatchObject({ next: 'restart instance c-1' });
});

test('a failure of an instance that has no place any more does not propose to start it again', async () => {
  const settings = settingsSchema.parse({ limits: { maxInstances: 1 } });
  const desk = openDesk([showFailure, listFailure], [...broken, ...instance('c-2')], { readTimedLog, settings });
  const { id } = ((await desk.say('list failures')).data as { id: string }[]).at(-1)!;
  const { suggestions } = (await desk.say(`show failure ${id}`)).data as { suggestions: { command: string }[] };
  expect(suggestions.map(({ command }) => command)).toEqual(['show instance c-1']);
});

/** What looks at the work of a run that failed, and what tries it again, now and otherwise. */
const LOOKS = ['show diff 1', 'review task 1'];
const TRIES = ['retry task 1', 'retry task 1 prompt="…"'];

/** What helps with a failure of this class, of an instance and of the run that it was at. */
const helpWith = async (kind: FailureClass): Promise<readonly (readonly [string | null, readonly string[]])[]> => {
  const agents = { workers: async () => ['kiro', 'codex'] } as unknown as Context['agents'];
  const facts: EventDraft[] = [
    ...instance('kiro-1', 'working'),
    ...[created('1'), assigned('1', 'kiro-1'), started('1', 'kiro-1')],
    { type: 'run.failed', data: { id: '1', failure: { class: kind, message: 'm' } } },
    { type: 'instance.moved', data: { instance_id: 'kiro-1', state: 'failed', source: 'terminal', failure: kind } },
  ];
  const withAgent = facts.map((draft) =>
    draft.type === 'instance.created' ? { ...draft, data: { ...draft.data, agent: 'kiro' } } : draft,
  );
  const desk = openDesk([showFailure, listFailure], withAgent, { agents, readTimedLog });
  const found = (await desk.say('list failures')).data as { id: string; class: string }[];
  expect(found.map((one) => one.class)).toEqual([kind, kind]);
  const told = [];
  for (const { id } of found) {
    const data = (await desk.say(`show failure ${id}`)).data as { next: string; suggestions: { command: string }[] };
    told.push([data.next, data.suggestions.map(({ command }) => command)] as const);
  }
  return told;
};

test.each<[FailureClass, readonly string[]]>([
  ['no-program', ['show adapter kiro', 'launch 1 instance agent=codex']],
  ['disk', ['clean worktrees force']],
  ['memory', ['top instances']],
  ['login', ['attach instance kiro-1']],
  ['crash', []],
])('[REC-1] a failure of the class %s says first what puts it right: %s', async (kind, remedy) => {
  expect(await helpWith(kind)).toEqual([
    [remedy[0] ?? 'retry task 1', [...remedy, ...LOOKS, ...TRIES, 'cancel task 1']],
    [remedy[0] ?? 'restart instance kiro-1', [...remedy, 'restart instance kiro-1']],
  ]);
});

test('[REC-1] an instance whose program was killed has crashed, also where the journal does not name the class', async () => {
  const killed: EventDraft = {
    type: 'instance.moved',
    data: {
      ...{ instance_id: 'c-1', state: 'failed', source: 'terminal', evidence: 'ended by SIGKILL' },
      exit: { code: null, signal: 'SIGKILL' },
    },
  };
  const desk = openDesk(listFailure, [...instance('c-1', 'idle'), killed]);
  expect((await desk.say('list failures')).data).toMatchObject([{ class: 'crash', message: 'ended by SIGKILL' }]);
});

const crashed: EventDraft = {
  type: 'instance.moved',
  data: { instance_id: 'c-1', state: 'failed', source: 'terminal', evidence: 'exited with 1', failure: 'crash' },
};
const atWork = [...instance('c-1', 'working'), created('1'), assigned('1', 'c-1'), started('1', 'c-1')];

test('an instance that broke at a task has that task, also where it goes on with it, and is found by it', async () => {
  const desk = openDesk(
    [showFailure, listFailure],
    [...atWork, crashed, moved('c-1', 'idle'), moved('c-1', 'working')],
    { readTimedLog },
  );
  const [told] = (await desk.say('list failures')).data as { id: string }[];
  expect(told).toMatchObject({ kind: 'instance', class: 'crash', task: '1', attempt: 1, open: false });
  expect((await desk.say('show failure 1')).data).toMatchObject({ id: told!.id, branch: 'feature/1' });
  desk.add(verified('1'), moved('c-1', 'idle'), crashed);
  expect((await desk.say('list failures')).data).toMatchObject([{ task: '1' }, { task: null, attempt: null }]);
});

test('a crash that ends a run is listed once: of the run, or of the instance where that alone is still broken', async () => {
  const ended: EventDraft = {
    type: 'run.failed',
    data: { id: '1', failure: { class: 'crash', message: 'c-1 exited with 1' } },
  };
  const facts = [...atWork, crashed, moved('c-1', 'idle'), crashed, ended];
  const desk = openDesk([showFailure, listFailure], facts, { readTimedLog });
  const { data, message } = await desk.say('list failures');
  const [first, run] = data as { id: string }[];
  expect(message).toBe('2 failures, 1 open.');
  expect([first, run]).toMatchObject([
    { kind: 'instance', open: false },
    { kind: 'run', task: '1', open: true },
  ]);
  const twin = `f-${facts.length - 1}`;
  expect((await desk.say(`show failure ${twin}`)).data).toMatchObject({
    kind: 'instance',
    next: 'restart instance c-1',
  });
  desk.add({ type: 'task.reopened', data: { id: '1', reason: 'elsewhere' } });
  expect((await desk.say('list open failures')).data).toMatchObject([{ id: twin, kind: 'instance', task: '1' }]);
  expect((await desk.say('list failures')).data).toHaveLength(2);
  desk.add(moved('c-1', 'idle'));
  expect((await desk.say('list failures')).data).toMatchObject([{ id: first!.id }, { id: run!.id, open: false }]);
});

test('a failure that is not there is an error', async () => {
  expect(await openDesk(showFailure, broken, { readTimedLog }).say('show failure f-999')).toMatchObject({
    exit: 3,
    data: { code: 'target/not-found' },
  });
});

test('of a task that is blocked, or waits for one that failed, it says why in the words of the alert, and what helps', async () => {
  const reason = 'the branches of its prerequisites conflict in same.txt';
  const text = `3 cannot start: ${reason}`;
  const alert = {
    id: 'blocked:3',
    severity: 'error',
    text,
    suggestion: 'show task 3',
    instance: null,
    task: '3',
  } as const;
  const desk = openDesk(
    [showFailure, showTask],
    [
      ...broken,
      ...['2', '5'].flatMap((id) => [created(id), assigned(id, 'c-1'), started(id, 'c-1'), verified(id)]),
      created('3', { dependencies: ['2', '5'] }),
      { type: 'task.blocked', data: { id: '3', reason } },
      { type: 'alert.raised', data: alert },
      created('4', { dependencies: ['3'] }),
      created('6', { dependencies: ['1'] }),
      created('7', { dependencies: ['6'] }),
      created('8'),
    ],
  );
  const told = async (id: string) => {
    const { message, hint } = await desk.say(`show failure ${id}`);
    return [message, hint];
  };
  const help = 'merge completed branches, or retry task 3';
  expect(await told('3')).toEqual([`${text}.`, `Suggested: ${help}`]);
  const suggested = help.split(', or ');
  expect(await desk.say('show task 3')).toMatchObject({
    text: expect.stringMatching(
      new RegExp(`^blocked:   ${text}$.*\n\nSuggested:\n${suggested.map((line) => `  ${line}`).join('\n')}$`, 'msu'),
    ),
    data: { blocked: text, suggestions: suggested.map((command) => ({ command, what: null })) },
  });
  expect(await told('4')).toEqual([`4 waits for 3: ${text}.`, 'Suggested: show task 3']);
  for (const id of ['6', '7'])
    expect(await told(id)).toEqual([`${id} waits for 1: 1 failed (check): it failed.`, 'Suggested: show failure 1']);
  expect((await desk.say('show task 7')).text).toMatch(
    /^blocked: {3}7 waits for 1: 1 failed \(check\): it failed$.*\nSuggested: show failure 1$/msu,
  );
  expect(await told('8')).toEqual(['8 has not failed.', 'Look at it: show task 8']);
});

test('a run that committed nothing has the last lines of its agent, and nothing to look at; a check that failed has its ways at once', async () => {
  const facts = (failure: NonNullable<Run['failure']>): EventDraft[] => [
    ...instance('c-1', 'working'),
    ...[created('1'), assigned('1', 'c-1'), started('1', 'c-1')],
    { type: 'run.failed', data: { id: '1', failure } },
  ];
  const said = async () => [{ text: 'I may not write here.', after: null, by: null }];
  const nothing = openDesk(showFailure, facts({ class: 'no-commit', message: NOTHING_COMMITTED }), {
    readTimedLog: said,
  });
  const { data, text } = await nothing.say('show failure 1');
  expect(data).toMatchObject({ last_lines: ['I may not write here.'] });
  expect(text).toContain('the last lines of c-1:\nI may not write here.\n');
  const commandsIn = (shown: unknown) =>
    (shown as { suggestions: { command: string }[] }).suggestions.map(({ command }) => command);
  expect(commandsIn(data)).toEqual([...TRIES, 'cancel task 1']);
  const red = openDesk(showFailure, facts({ class: 'check', message: 'it is red' }), { readTimedLog });
  expect(commandsIn((await red.say('show failure 1')).data)).toEqual([
    ...[...LOOKS, ...TRIES],
    ...['set task 1 check="…"', 'cancel task 1'],
  ]);
});

test('what a check printed stands apart from what is noted of how it ran', async () => {
  const shownFor = async (output: string) => {
    const failure = { class: 'check', message: '"test -f nope" ended with 1', output } as const;
    const facts: EventDraft[] = [
      ...instance('c-1', 'working'),
      ...[created('1'), assigned('1', 'c-1'), started('1', 'c-1')],
      { type: 'run.failed', data: { id: '1', failure } },
    ];
    return openDesk(showFailure, facts, { readTimedLog }).say('show failure 1');
  };
  const silent = await shownFor(sandboxNote(''));
  expect(silent.data).toMatchObject({ output: null, note: WITHOUT_NETWORK });
  expect(silent.text).not.toContain('what the check printed');
  expect(silent.text).toContain(`note:      ${WITHOUT_NETWORK}\n`);
  const told = await shownFor(`it is red\n\n${sandboxNote('it is red')}`);
  expect(told.data).toMatchObject({ output: 'it is red\n\n', note: WITHOUT_NETWORK });
  expect(told.text).toMatch(/\nwhat the check printed:\nit is red\n\nSuggested:/u);
  const closed = `EROFS: read-only file system, mkdir '/root/.cache'\n`;
  expect((await shownFor(`${closed}\n${sandboxNote(closed)}`)).data).toMatchObject({
    output: `${closed}\n`,
    note: expect.stringContaining('drover config set sandbox.write'),
  });
  expect((await shownFor('it is red\n')).data).toMatchObject({ output: 'it is red\n', note: null });
});

test('where the program of an agent broke, its last lines by then stand with the failure, and not those of a check', async () => {
  const facts: EventDraft[] = [
    ...[...instance('c-1', 'working'), created('1'), assigned('1', 'c-1'), started('1', 'c-1')],
    { type: 'run.failed', data: { id: '1', failure: { class: 'crash', message: 'c-1 ended with 1' } } },
    ...[created('2'), assigned('2', 'c-1'), started('2', 'c-1'), failed('2')],
  ];
  const lines: Awaited<ReturnType<Context['readTimedLog']>> = [
    { text: 'reading', after: null, by: null },
    { text: 'Error:\u001B[31m it broke  ', after: '2025-01-01T00:00:00.000Z', by: '2025-01-01T00:00:02.000Z' },
    { text: '', after: '2025-01-01T00:00:00.000Z', by: '2025-01-01T00:00:02.000Z' },
    { text: 'begun anew', after: '2099-01-01T00:00:00.000Z', by: null },
  ];
  const asked: unknown[] = [];
  const desk = openDesk(showFailure, facts, {
    readTimedLog: async (id) => {
      asked.push(id);
      return lines;
    },
  });
  const { data, text } = await desk.say('show failure 1');
  expect(data).toMatchObject({ output: null, last_lines: ['reading', 'Error: it broke'] });
  expect(text).toContain('\nthe last lines of c-1:\nreading\nError: it broke\n');
  expect((await desk.say('show failure 2')).data).toMatchObject({ last_lines: [] });
  expect(asked).toEqual(['c-1']);
});
