import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { Behaviour } from '../../kiro/options.ts';
import { openKiroSwarm } from './kiro-place.ts';

const COMMIT = '%%bash git add -A && git commit -qm made';
const WORK = `%%write made.txt hi ${COMMIT} %%say all done`;

const V3 = { agents: { kiro: { env: { KIRO_AGENT_ENGINE: 'v3' } } } };
// The third engine has other names for its tools, so that the agent of the stage is asked there.
const ALLOWED = { permissions: { policy: 'allow' } };

const TROUBLES: readonly (readonly [string, Partial<Behaviour>, object])[] = [
  ['frames come in halves', { halves: true }, {}],
  ['its messages are texts', { record: 'string' }, {}],
  ['it is of the third engine', {}, { ...V3, ...ALLOWED }],
  ['it wants a second Enter', { secondEnter: true }, {}],
  ['it keeps no record', { record: 'none' }, {}],
  ['it keeps no record and tells of no start', { record: 'none', spawns: false }, {}],
  ['its record is cut to nothing at the end', { loses: 'file' }, {}],
  ['its record ends before the last word of its turn', { loses: 'end' }, {}],
];

test.each(TROUBLES)('a task is done and claimed once where %s', async (_what, behaviour, settings) => {
  await using place = await openKiroSwarm({ behaviour, settings });
  await place.begin(WORK);
  const done = await place.until(({ tasks }) => tasks['t1']?.state === 'done');
  expect(done.tasks['t1']!.history).toEqual([]);
  const states = done.instances['kiro-1']!.transitions.map(({ kind }) => kind);
  expect(states.filter((kind) => kind === 'verifying')).toHaveLength(1);
});

test('a record that somebody has removed is said to be missed, until it is there again', async () => {
  await using place = await openKiroSwarm();
  await place.swarm.say('launch kiro');
  await place.instanceIs('idle');
  rmSync(join(place.own, 'record/frames.jsonl'));
  await place.until(({ alerts }) => alerts['record:kiro-1'] !== undefined);
  await place.begin(WORK);
  await place.until(({ tasks, alerts }) => tasks['t1']?.state === 'done' && alerts['record:kiro-1'] === undefined);
});

test('the token that the third engine writes down is told nowhere', async () => {
  await using place = await openKiroSwarm({ settings: { ...V3, ...ALLOWED } });
  await place.begin(WORK);
  const state = await place.until(({ tasks }) => tasks['t1']?.state === 'done');
  expect(readFileSync(join(place.own, 'record/frames.jsonl'), 'utf8')).toContain('SECRET-ACCESS-TOKEN');
  const journal = JSON.stringify((await place.swarm.say('list events limit=500')).data);
  expect([JSON.stringify(state), journal, ...place.swarm.log].join('\n')).not.toContain('SECRET-ACCESS-TOKEN');
  await place.swarm.say('stop kiro-1');
  await place.instanceIs('stopped');
  expect(existsSync(join(place.own, 'record'))).toBe(false);
});

test('a turn that ended while no daemon ran is claimed by the next one', async () => {
  await using place = await openKiroSwarm();
  await place.begin(`%%write made.txt hi ${COMMIT} %%slow 100 20`);
  await place.until(() => place.screen().includes('word3'));
  await place.swarm.close();
  await vi.waitUntil(() => place.screen().includes('Credits'));
  await place.swarm.reopen();
  await place.until(({ tasks }) => tasks['t1']?.state === 'done');
});

test('after a crash it goes on with the very conversation and the derived agent', async () => {
  await using place = await openKiroSwarm();
  await place.swarm.say('launch kiro');
  await place.instanceIs('idle');
  await place.swarm.say('tell kiro-1 "%%say before"');
  const { instances } = await place.until(() => place.screen().includes('before'));
  const { conversation } = instances['kiro-1']!;
  expect(conversation).toMatch(/^[\da-f-]{36}$/);
  process.kill(Number(place.swarm.tmux('list-panes', '-t', '=r-kiro-1:', '-F', '#{pane_pid}')), 'SIGKILL');
  await place.instanceIs('failed');
  await place.swarm.say('restart kiro-1');
  await place.instanceIs('idle');
  await place.shows('drover-kiro · ');
  await place.swarm.say('tell kiro-1 "%%say after"');
  await place.until(() => place.model.calls.some(({ prompt }) => prompt.includes('after')));
  expect((await place.swarm.state()).instances['kiro-1']!.conversation).toBe(conversation);
});

test.each([
  ['an error of the prompt', 'error', 'limited'],
  ['words on its screen alone', 'screen', 'limited'],
] as const)('a used-up month is a limit, told by %s', async (_how, monthly, kind) => {
  await using place = await openKiroSwarm({ behaviour: { monthly } });
  await place.swarm.say('launch kiro');
  await place.instanceIs('idle');
  await place.swarm.say('tell kiro-1 "%%error 429"');
  await place.instanceIs(kind);
});

test('a login that was lost waits for its person', async () => {
  await using place = await openKiroSwarm();
  await place.begin('%%error 401');
  const { tasks } = await place.until((state) => state.tasks['t1']?.state === 'failed');
  expect(tasks['t1']!.history.at(-1)?.failure ?? tasks['t1']!.run?.failure).toMatchObject({ class: 'login' });
});

test('a half-typed line of a person is left to them, and the task waits', async () => {
  await using place = await openKiroSwarm();
  await place.swarm.say('launch kiro');
  await place.instanceIs('idle');
  place.press('-l', '%%say mine');
  await place.shows('› %%say mine');
  await place.begin(WORK);
  await place.until(({ alerts }) => alerts['typing:kiro-1'] !== undefined);
  expect(place.model.calls).toEqual([]);
  place.press('Enter');
  await place.until(({ tasks }) => tasks['t1']?.state === 'done');
  expect(place.model.calls[0]!.prompt).toBe('%%say mine');
});
