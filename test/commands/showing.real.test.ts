import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { ask } from '../../src/client/request.ts';
import { commands } from '../../src/commands/index.ts';
import { openSwarm, type Swarm } from '../helpers/swarm.ts';
import { hang, hangs } from './stage.ts';

const see = async (swarm: Swarm, text: string, columns: number, color = false): Promise<string> =>
  (await ask(swarm.paths, swarm.env, { text, actor: 'cli', view: { columns, color } })).text;

const TABLES = commands
  .filter((command) => command.reads && command.verb === 'list' && command.draw !== undefined)
  .map((command) => command.example)
  .concat('list tasks', 'list events', 'plan tasks');

test('[CLI-3] lists are tables that fit 40, 80 and 200 columns, coloured only where colours are wanted', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task "A rather long title that will certainly not fit into forty columns" id=t1');
  await swarm.say('create task "漢字 タスク 漢字 タスク 漢字 タスク" id=t2 deps=t1');
  await swarm.say('run task t1 wait=true');
  await swarm.say('create task Fails id=t3 check=false');
  await swarm.say('run task t3 wait=true');
  await swarm.say('merge completed branches');
  writeFileSync(join(swarm.root, 'tasks.md'), '- [ ] 1. One\n');
  await swarm.say('import spec tasks.md');
  await swarm.say('create group backend "all that the server side of the product needs" instances=rehearsal-1');
  for (const text of TABLES) {
    for (const columns of [40, 80, 200]) {
      const shown = await see(swarm, text, columns);
      const table = text === 'plan tasks' ? shown.split('\n').slice(0, -1) : shown.split('\n');
      const wide = table.filter((line) => stringWidth(line) > columns);
      expect([text, columns, wide]).toEqual([text, columns, []]);
      expect(shown).not.toContain('\u001B');
    }
    // What there is nothing of is one sentence.
    const colored = await see(swarm, text, 120, true);
    if (colored.includes('\n')) expect(colored).toContain('\u001B[');
  }
});

test('lists of an empty swarm say what to do first', async () => {
  await using swarm = await openSwarm();
  expect(await see(swarm, 'list instances', 80)).toBe('No instance. Start some: launch 3 instances');
  expect(await see(swarm, 'list tasks', 80)).toContain('create task "…"');
  expect(await see(swarm, 'list batches', 80)).toContain('merge completed branches');
  expect(await see(swarm, 'list alerts', 80)).toBe('Nothing needs you.');
  expect(await see(swarm, 'list specs', 80)).toContain('import spec PATH');
  expect(await see(swarm, 'list colors', 80)).toBe('No instance has a colour yet.');
  expect(await see(swarm, 'plan tasks', 80)).toContain('No open task.');
  expect((await swarm.say('show integration last')).hint).toBe('There is no batch yet.');
  expect((await swarm.say('list adapters')).text).toMatch(/rehearsal +yes/);
  expect((await swarm.say('list events')).message).toBe('1 event');
});

test('a task that is ready is shown as ready, whatever else is listed', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task One id=t1');
  await swarm.say('create task Two id=t2 deps=t1');
  await swarm.say('run task t1 wait=true');
  expect(await see(swarm, 'list ready tasks', 80)).toMatch(/t2 +ready/);
  expect(await see(swarm, 'status swarm detailed', 80)).toMatch(/t2 +ready/);
  expect((await swarm.say('list tasks limit=1')).data).toMatchObject([{ id: 't1', word: 'done' }]);
});

test('one instance and one task are shown with where they are and what happened to them', async () => {
  await using swarm = await openSwarm();
  await swarm.say(hang('h1'));
  await swarm.say('run task h1');
  await hangs(swarm, 'h1');
  const instance = await see(swarm, 'show instance rehearsal-1', 80);
  expect(instance).toMatch(/^state: +● working since /m);
  expect(instance).toContain(`worktree:  ${swarm.paths.worktrees}/rehearsal-1`);
  expect(instance).toMatch(/starting +terminal +process \d+ in pane %/);
  expect((await swarm.say('status instance rehearsal-1')).message).toBe('rehearsal-1 is working on h1 (Hang h1).');
  const task = await see(swarm, 'show task h1', 80);
  expect(task).toContain('h1 Hang h1\nstate:     running since ');
  expect(task).toContain('branch:    feature/h1-hang-h1');
  expect((await swarm.say('list instances state=live')).data).toMatchObject([{ instance_id: 'rehearsal-1' }]);
  expect((await swarm.say('list instances state=stopped')).data).toEqual([]);
  expect((await swarm.say('show log rehearsal-1 limit=3')).message.split('\n').length).toBe(3);
  expect((await swarm.say('show result h1')).message).toContain('h1 Hang h1: running, attempt 1 by rehearsal-1');
  expect((await swarm.say('list colors')).data).toMatchObject([{ instance_id: 'rehearsal-1', tasks: ['h1'] }]);
});

test('nothing that a plan or a person says acts on the terminal of who looks at it', async () => {
  await using swarm = await openSwarm();
  const evil = '\u001B]52;c;ZXZpbA==\u0007\u001B[2Jevil';
  writeFileSync(join(swarm.root, 'tasks.md'), `- [ ] 1. ${evil}\n  - ${evil}\n`);
  await swarm.say('import spec tasks.md');
  await swarm.say(`create task "x" description="${evil}" id=t9`);
  await swarm.say(`tell rehearsal-1 "${evil}"`);
  for (const text of ['show task 1', 'show task t9', 'show brief 1', 'list tasks', 'plan tasks', 'list events']) {
    const reply = await swarm.say(text);
    expect([text, `${reply.text}${reply.message}`.includes('\u001B')]).toEqual([text, false]);
  }
  const refused = await swarm.say(`show task "${evil}"`);
  expect([refused.exit, `${refused.message}${refused.hint}`.includes('\u001B')]).toEqual([expect.any(Number), false]);
});

test('the status says what needs a person, and alerts are put away by hand', async () => {
  await using swarm = await openSwarm();
  expect((await swarm.say('status swarm')).message).toBe('Instances: none. Tasks: 0 of 0 done. All is well.');
  await swarm.say('create task One id=t1 check=false');
  await swarm.say('run task t1 wait=true');
  const status = await swarm.say('status swarm health');
  expect(status.message).toMatch(/Tasks: 0 of 1 done\. Needs attention: t1 failed \(check\): .* → retry task t1\.$/);
  expect(status.data).toMatchObject({ tasks: { total: 1, failed: 1 }, alerts: [{ id: 'failed:t1' }] });
  expect((await swarm.say('clear alert constructor')).exit).toBe(3);
  expect((await swarm.say('clear alert failed:t1')).message).toBe('Cleared 1 alert.');
  expect((await swarm.say('clear all alerts')).message).toBe('Cleared 0 alerts.');
  await swarm.say('stop all instances');
});

test('an instance that is lost needs attention even when its alert was put away', async () => {
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal', recovery: { tries: 0 } } });
  await swarm.say('create task One description="rehearse: crash" id=t1');
  await swarm.say('run task t1 wait=true');
  await swarm.say('clear all alerts');
  expect((await swarm.say('status swarm')).message).toMatch(/Needs attention: rehearsal-1 (?:failed|lost)\.$/);
  await swarm.say('remove task t1');
});

test('the journal folds to what is known, after a restart too', async () => {
  await using swarm = await openSwarm();
  await swarm.say('create task One id=t1');
  await swarm.say('run task t1 wait=true');
  expect((await swarm.say('rebuild state')).data).toMatchObject({ equal: true });
  await swarm.reopen();
  expect((await swarm.say('rebuild state')).data).toMatchObject({ equal: true });
  const { data } = await swarm.say('list events since=2 limit=3');
  expect((data as unknown[]).length).toBe(3);
});

test('the daemon tells of itself, and ends when it is told to, with the agents going on', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  expect((await swarm.say('status daemon')).data).toMatchObject({ running: true, pid: process.pid });
  const parsed = await swarm.say('test protocol parse "kill rehearsal-1"');
  expect(parsed.data).toMatchObject({ says: 'stop instance rehearsal-1 force', destructive: true, available: true });
  expect((await swarm.say('test protocol parse "git sync"')).message).toContain('not available until phase 2');
  expect((await swarm.say('test protocol parse "rnu task"')).exit).toBe(2);
  expect((await swarm.say('help stop instance')).message).toContain('destructive: yes');
  expect((await swarm.say('help')).message).toContain('launch 3 instances');
  expect((await swarm.say('test swarm stop')).message).toBe('A test swarm ends by itself; none is left running.');
  expect((await swarm.say('stop daemon')).message).toBe('The daemon ends; the agents go on.');
  await swarm.close();
  expect(swarm.tmux('list-sessions', '-F', '#{session_name}')).toBe('r-rehearsal-1');
});

test('[INS-9] "stop swarm" ends every instance and the daemon', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 2 instances');
  const reply = await swarm.say('stop swarm');
  expect(reply.message).toBe('Stopped 2 instances: rehearsal-1, rehearsal-2. The daemon ends as well.');
  await swarm.close();
  expect(swarm.tmux('list-sessions', '-F', '#{session_name}')).toBe('');
});
