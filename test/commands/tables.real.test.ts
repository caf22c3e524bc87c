import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { ask } from '../../src/client/request.ts';
import { commands } from '../../src/commands/index.ts';
import { openSwarm, type Swarm } from '../helpers/swarm.ts';

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
  expect((await swarm.say('show integration last')).hint).toBe('To merge what is finished: merge completed branches');
  expect((await swarm.say('list adapters')).text).toMatch(/rehearsal +yes/);
  expect((await swarm.say('list events')).message).toBe('1 event');
});
