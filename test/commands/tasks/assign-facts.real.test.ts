import { expect, test, vi } from 'vitest';
import { workersHere } from '../../../src/cli/screen/surroundings.ts';
import { onlyPretends } from '../../../src/commands/errors.ts';
import { languageOf } from '../../../src/commands/language.ts';
import { withWorkers } from '../../../src/commands/tasks/real-workers.ts';
import type { AppError } from '../../../src/lib/errors.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { forecast } from '../../../src/tui/prompt/prompt-forecast.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';

const PLAN = '- [ ] 1. Log in\n- [ ] 2. Log out\n';
const own = { command: ['sh', '-c', 'sleep 600'] };
const options = {
  settings: { agent: 'rehearsal', rehearsal: { plans: false }, agents: { an: own } },
  files: { 'demo/tasks.md': PLAN },
};

const settings = settingsSchema.parse(options.settings);

/** What a command is refused with, which is what was foretold of it. */
const refused = async (swarm: Swarm, line: string) => {
  const workers = () => workersHere(settings, swarm.env['PATH']!);
  const foretold = forecast(line, { state: await swarm.state(), settings, workers }, languageOf(settings));
  const reply = await swarm.say(line);
  expect(foretold, line).toEqual({ kind: 'error', message: reply.message, help: reply.hint, understood: true });
  return reply;
};

test('a rehearsal agent takes no task of a plan, so that no box is ticked; a task made by hand it does', async () => {
  await using swarm = await openSwarm(options);
  await swarm.say('import spec demo');
  const none = await refused(swarm, 'run tasks 1, 2');
  expect(none).toMatchObject({ exit: 6 });
  expect(none.message).toBe(
    'rehearsal only pretends to work, and 1 belongs to the plan demo: it would be ticked without being done.',
  );
  // An agent whose program is here, and none whose program is not.
  expect(none.hint).toContain('Launch an agent that works: launch 1 instance agent=an.');
  expect(none.hint).toContain('"set config rehearsal.plans=true"');
  expect(none.hint).toContain(`test swarm launch tasks="${swarm.root}/demo`);
  expect((await swarm.say('status swarm')).message).toContain('test swarm launch tasks=');
  await swarm.say('launch 1 instance');
  expect((await refused(swarm, 'run all tasks')).hint).toBe(none.hint);
  expect((await swarm.say('preview run all tasks')).message).toContain(`refused now: ${none.message}`);
  await swarm.say('create task "Try it"');
  for (const line of [
    'assign task 1 to rehearsal-1',
    'run task 1 on=rehearsal-1',
    'run task 1 agent=rehearsal',
    'run task 1, 2',
  ])
    expect(await refused(swarm, line), line).toMatchObject({
      exit: 6,
      message: expect.stringContaining('only pretends'),
    });
  expect((await swarm.say('run all tasks')).exit).toBe(0);
  await vi.waitUntil(async () => (await swarm.state()).tasks['t1']?.state === 'done');
  await swarm.say('merge completed branches');
  const { tasks } = await swarm.state();
  expect([tasks['1']!.state, tasks['2']!.state, tasks['1']!.run]).toEqual(['open', 'open', null]);
  expect(swarm.git('show', 'drover/integration:demo/tasks.md')).toBe(PLAN.trim());
  // An agent that works has nothing to do with that setting; whoever wants the trial here says so.
  await swarm.say('set config rehearsal.plans=true');
  await swarm.say('launch 1 instance');
  await vi.waitUntil(async () => Object.values((await swarm.state()).tasks).every(({ state }) => state === 'done'));
});

test('where no program of an agent that works is here it says how to get one, and what allows the pretence', () => {
  const refusal = onlyPretends({
    agent: 'rehearsal',
    task: '1',
    plan: { name: 'demo', trial: 'test swarm launch tasks="demo"' },
  });
  const told = withWorkers(refusal, []) as AppError;
  expect([told.message, told.exit]).toEqual([refusal.message, 6]);
  expect(told.hint).toMatch(/"drover doctor" says .* how to get them\..*"set config rehearsal\.plans=true"/u);
  expect((withWorkers(refusal, ['codex', 'kiro']) as AppError).hint).toContain(
    'works (here as well: kiro): launch 1 instance agent=codex.',
  );
  const other = new Error('x');
  expect(withWorkers(other, [])).toBe(other);
});
