import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';
import { history } from '../stage.ts';

const PLAN = '- [ ] 1. A\n  - [ ] 1.1 Build\n  - [ ] 1.2 Join\n- [ ] 2. B\n  - [ ] 2.1 Go on\n  - [ ] 2.2 End\n';

test('[TSK-10] a plan is ordered by another policy later, and what has begun keeps what it waited for', async () => {
  await using swarm = await openSwarm({ files: { 'demo/tasks.md': PLAN } });
  const imported = await swarm.say('import spec demo');
  expect(imported.message).toContain('4 dependencies, in Kiro’s order');
  expect(imported.data).toMatchObject({ order: 'kiro', rules: { group: 4 } });
  const first = (await swarm.state()).tasks;
  expect(first['2.2']).toMatchObject({ dependencies: ['1.1', '1.2'], dependency_rules: { group: ['1.1', '1.2'] } });
  await swarm.say('run task 1.2 wait=true');
  const before = await history(swarm);
  const set = await swarm.say('set spec demo policy=strict barrier=false');
  expect(set.message).toBe('demo: 3 dependencies (strict); 2 tasks changed, 1 begun and kept as before.');
  expect(set.data).toMatchObject({ edges: 3, changed: ['2.1', '2.2'], kept: ['1.2'] });
  expect((await history(swarm)).slice(before.length).filter((type) => type.startsWith('task.'))).toEqual([
    'task.edited',
    'task.edited',
  ]);
  const { tasks, specs } = await swarm.state();
  expect(specs['demo']).toMatchObject({ policy: 'strict', barrier: false });
  expect(tasks['1.2']!.dependencies).toEqual([]);
  expect(tasks['2.2']).toMatchObject({ dependencies: ['2.1'], dependency_rules: { neighbour: ['2.1'] } });
  expect((await swarm.say('show task 2.2')).text).toMatch(/after: +2\.1 \(neighbour\)/);
  // Read again it stays so, also for what has begun.
  expect((await swarm.say('import spec demo')).data).toMatchObject({ policy: 'strict', edited: 0 });
});

test('[TSK-10] a policy that sets the graph of a plan aside says so, and others say nothing of it', async () => {
  const graph =
    '\n## Task Dependency Graph\n\n```json\n{"waves":[{"id":0,"tasks":["1"]},{"id":1,"tasks":["2"]}]}\n```\n';
  await using swarm = await openSwarm({ files: { 'demo/tasks.md': `${PLAN}${graph}`, 'plain/tasks.md': PLAN } });
  const ASIDE = 'The plan’s own graph is set aside.';
  expect((await swarm.say('import spec demo policy=strict dry-run')).message).toContain(ASIDE);
  expect((await swarm.say('import spec plain policy=strict dry-run')).message).not.toContain(ASIDE);
  expect((await swarm.say('import spec demo')).message).not.toContain(ASIDE);
  expect((await swarm.say('set spec demo policy=siblings')).message).toContain(ASIDE);
  expect((await swarm.say('plan spec demo')).message).toContain(ASIDE);
  expect((await swarm.say('set spec demo policy=none')).message).not.toContain(ASIDE);
  for (const [strategy, isAside] of Object.entries({ siblings: true, strict: true, kiro: false, fifo: false })) {
    const { message, text, data } = await swarm.say(`plan spec demo strategy=${strategy}`);
    expect([strategy, message.includes(ASIDE), text.includes(ASIDE)]).toEqual([strategy, isAside, isAside]);
    expect((data as { graph_set_aside?: true }).graph_set_aside).toBe(isAside || undefined);
  }
  await swarm.say('import spec plain');
  expect((await swarm.say('plan spec plain strategy=strict')).message).not.toContain(ASIDE);
});

test('nothing is changed where nothing is said, or the spec is not there', async () => {
  await using swarm = await openSwarm({ files: { 'demo/tasks.md': PLAN } });
  await swarm.say('import spec demo');
  expect(await swarm.say('set spec demo')).toMatchObject({ exit: 6, message: 'Nothing was said to change.' });
  expect(await swarm.say('set spec demo policy=loose')).toMatchObject({ exit: 2 });
  expect(await swarm.say('set spec elsewhere policy=strict')).toMatchObject({ exit: 3 });
  expect((await swarm.say('set spec demo policy=kiro')).data).toMatchObject({ changed: [] });
});

test('[TSK-10] a plan shows what each policy would give before anything runs, and by which rule each task waits', async () => {
  await using swarm = await openSwarm({ files: { 'demo/tasks.md': PLAN } });
  await swarm.say('import spec demo');
  const planned = await swarm.say('plan spec demo instances=2');
  expect(planned.data).toMatchObject({
    policies: [
      { policy: 'kiro', waves: [2, 2] },
      { policy: 'siblings', waves: [2, 2], critical_path: ['1.1', '1.2'] },
      { policy: 'strict', waves: [1, 1, 1, 1] },
      { policy: 'none', waves: [4] },
    ],
    tasks: [{ id: '1.1' }, { id: '1.2' }, { id: '2.1', because: { '1.1': 'group', '1.2': 'group' } }, { id: '2.2' }],
  });
  expect(planned.text).toMatch(/1\.1 1\.2 \(group\)/);
  expect(planned.text).toMatch(/POLICY[\s\S]*strict +4 +4 tasks/i);
});
