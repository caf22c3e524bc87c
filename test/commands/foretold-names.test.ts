import { expect, test } from 'vitest';
import type { Command, Context } from '../../src/commands/define.ts';
import { understand } from '../../src/commands/dispatch.ts';
import { commands } from '../../src/commands/index.ts';
import { say } from '../../src/protocol/say.ts';
import type { EventDraft } from '../../src/state/index.ts';
import { settingsSchema } from '../../src/state/settings.ts';
import { forecast } from '../../src/tui/prompt/prompt-forecast.ts';
import { partOf } from '../helpers/context.ts';
import { languageOf, openDesk } from '../helpers/desk.ts';
import { assigned, created, imported, instance, started } from '../tasks/journal.ts';

const settings = settingsSchema.parse({ agent: 'rehearsal' });
const language = languageOf(commands);
const nameOf = ({ verb, noun }: Command): string => `${verb} ${noun}`;

/** Nouns of which only files, git, tmux, the settings or the journal know what there is. */
const KNOWN_ELSEWHERE = [
  ...['adapter', 'audit', 'branch', 'config', 'diff', 'event', 'failure', 'mode', 'ref', 'secret', 'session'],
  'worktree',
];
/** What conflicts by the last look at worktrees is not recorded; a failure is made to happen only where the role allows it. */
const SINGLE = ['show conflict', 'test failure'];

/** Whether the ids of a command name what a state has: not what it makes, nor files. */
const isKnown = (command: Command): boolean =>
  'id' in command.params.shape &&
  command.names !== 'files' &&
  command.names !== 'new' &&
  !KNOWN_ELSEWHERE.includes(command.noun) &&
  !SINGLE.includes(nameOf(command));

const facts: readonly EventDraft[] = [
  ...[
    ...instance('rehearsal-1'),
    ...instance('rehearsal-2'),
    ...instance('rehearsal-3'),
    ...instance('broken-1', 'failed'),
  ],
  ...[created('3.1'), imported('web', ['1']), created('1', { spec: 'web' })],
  ...[assigned('3.1', 'rehearsal-3'), started('3.1', 'rehearsal-3')],
  { type: 'group.created', data: { group_id: 'backend', description: '' } },
  {
    type: 'alert.raised',
    data: { id: 'failed:9', severity: 'error', text: 'It failed', suggestion: null, instance: null, task: null },
  },
  { type: 'batch.started', data: { id: 'batch-1', target: 'drover/integration', base_commit: 'c0', tasks: ['3.1'] } },
  { type: 'batch.finished', data: { id: 'batch-1' } },
];

/** What some commands take in hand before they look at what they are to do. */
const parts = { settings, git: partOf<Context['git']>({}), resources: () => [] };

/** The example of a command with these ids in the place of what it names. */
const lineOf = (command: Command, ids: readonly string[]): string => {
  const { meaning } = understand(language, { text: command.example });
  // Where no target is said, an id is a parameter like others.
  if (command.target === 'none') return `${command.example} id=${ids.join(',')}`;
  const { scope: _scope, state: _state, ...others } = meaning.parameters;
  return say({ ...meaning, parameters: { ...others, id: ids.length === 1 ? ids[0]! : [...ids] } });
};

const answerTo = async (line: string) => {
  const desk = openDesk(commands, facts, parts);
  const hint = forecast(line, { state: desk.state, settings }, language);
  const { message, hint: help } = await desk.propose(line);
  return { hint, refusal: { kind: 'error', message, help, understood: true } };
};

test.each(commands.filter(isKnown).map((command) => [nameOf(command), command] as const))(
  '[TUI-2] that there is none of that name is foretold of "%s" in the words of its answer',
  async (_name, command) => {
    for (const ids of [['nobody'], ['nobody', 'other']]) {
      const line = lineOf(command, ids);
      const { hint, refusal } = await answerTo(line);
      expect([line, hint]).toEqual([line, refusal]);
      expect(refusal.message).toMatch(ids.length === 1 ? /^There is no .*"nobody"/u : /"nobody"|nobody, other/u);
    }
  },
);

test.each(commands.filter(({ one }) => one !== undefined).map((command) => [nameOf(command), command] as const))(
  '[TUI-2] that one alone can be named is foretold of "%s"',
  async (_name, command) => {
    const line = lineOf(command, ['rehearsal-1', 'rehearsal-2']);
    const { hint, refusal } = await answerTo(line);
    expect([line, hint]).toEqual([line, refusal]);
    expect(refusal.message).toBe(`This takes one ${command.one}, and 2 are named: rehearsal-1, rehearsal-2.`);
  },
);

test.each([
  ['show race 1', '1 was not raced for.'],
  ['show result 1', '1 has not been run.'],
  ['review task 1', '1 has not been run.'],
  ['mark task 1 file=a', '1 has not been run.'],
  ['comment task 1 file=a line=1 "why"', '1 has not been run.'],
  ['verify task 1 criterion=1 "seen"', '1 has not been run.'],
  ['create task "Next" deps=t99', 'There is no task "t99".'],
  ['create task "Next" id=3.1', 'create task: id: "3.1" is taken.'],
  ['create task "Next" title=Other', 'create task: title: the title is said twice.'],
  ['answer rehearsal-1 "yes"', 'rehearsal-1 is idle; it asks nothing.'],
  ['tell broken-1 "go on"', 'broken-1 is failed; nobody listens there.'],
  ['cancel integration batch-1', 'batch-1 is finished; only a batch that runs can be cancelled.'],
  ['cancel last integration', 'No batch runs.'],
  ['cancel integration', 'No batch runs.'],
  ['rollback batch-1', 'batch-1 is finished; it merged nothing that could be taken back.'],
  ['rollback last integration', 'No batch can be taken back: each is taken back already, or merged nothing.'],
])('[TUI-2] that "%s" is refused as things stand is foretold in the words of its answer', async (line, message) => {
  const { hint, refusal } = await answerTo(line);
  expect([line, hint]).toEqual([line, refusal]);
  expect(refusal.message).toBe(message);
});

test('[TUI-2] more instances than may live are foretold to be refused, and no fewer', () => {
  const { state } = openDesk(commands, facts);
  const few = settingsSchema.parse({ agent: 'rehearsal', limits: { maxInstances: 5 }, launch: { count: 3 } });
  const foretold = (line: string) => forecast(line, { state, settings: few }, language);
  const tooMany = { kind: 'error', message: '3 more instances would make 6; limits.maxInstances is 5.' };
  for (const line of ['launch 3 instances', 'launch instances', 'scale instances to 6', 'scale up instances 3'])
    expect(foretold(line), line).toMatchObject(tooMany);
  for (const line of ['launch 2 instances', 'scale instances to 5', 'scale instances to 3', 'scale down instances 2'])
    expect(foretold(line), line).toMatchObject({ kind: 'ok' });
});
