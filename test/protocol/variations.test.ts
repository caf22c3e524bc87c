import { describe, expect, test } from 'vitest';
import { parse } from '../../src/protocol/parse.ts';
import { say } from '../../src/protocol/say.ts';
import type { Signature } from '../../src/protocol/signature.ts';
import { language, signatures } from '../fixtures/signatures.ts';

const said = (text: string): string => {
  const result = parse(text, language);
  return result.ok ? say(result.meaning) : `refused: ${result.error.message}`;
};

/** Canonical text, then ways to word it. */
const SAME: readonly (readonly [string, ...string[]])[] = [
  [
    'run task abc beast-mode',
    'start task abc in beast mode',
    'work on task abc in beast mode',
    'RUN TASK abc BEAST MODE',
    'run the abc task in beast mode',
    'run "abc" beastmode',
    "let's run task abc with beast, thanks",
  ],
  ['run task 3.1, 3.2, 4.1 safe-mode', 'run tasks 3.1, 3.2 and 4.1 in safe mode', 'run 3.1,3.2,4.1 in safe mode'],
  ['run all ready tasks parallel', 'run all ready tasks in parallel', 'please run every ready job concurrently'],
  ['run task next', 'run next task', 'run the next task'],
  ['run task abc agent=claude', 'run task abc with claude', 'run task abc using claude', 'run task abc --agent claude'],
  ['run task abc on kiro-3', 'run task abc with kiro-3', 'run abc on instance kiro-3'],
  [
    'stop all running instances',
    'stop all running threads',
    'halt all active processes',
    'stop every running agent',
    'shut down all busy bots',
    'terminate all running instances.',
    'stop all agents that are running',
    'please stop all running threads, thanks',
    'drover stop all instances running',
    'instances stop all --state running',
  ],
  [
    'stop all running instances except kiro-3',
    'stop all running threads except kiro-3',
    'stop all running threads but kiro-3',
  ],
  ['stop failed idle instances', 'stop idle and failed agents', 'stop failed, idle agents'],
  ['stop instance kiro-3 graceful', 'stop kiro-3 gracefully', 'wrap up kiro-3', 'wrapup agent kiro-3'],
  [
    'stop instance kiro-3 force',
    'kill kiro-3',
    'abort kiro-3',
    'stop kiro-3 right now',
    'stop kiro-3 --force',
    'stop kiro-3 -f',
    'kill kiro-3 forcefully',
  ],
  [
    'stop instance kiro-3, kiro-4',
    'stop kiro-3 and kiro-4',
    'stop instances kiro-3 , kiro-4',
    '@kiro-3,kiro-4: stop',
    'instances stop kiro-3 kiro-4',
    'stop kiro-3 kiro-4 kiro-4',
  ],
  ['stop swarm', 'stop everything', 'shut down the fleet', 'stop all swarm'],
  [
    'status swarm',
    'status',
    'how is the swarm doing?',
    "how's the swarm",
    'what is the status of the swarm',
    'show me swarm status',
    'swarm',
    'get status',
    'status all',
  ],
  ['status instance kiro-3', 'what is kiro-3 doing?', "what's kiro-3 doing", 'status of kiro-3', 'how is kiro-3'],
  ['status swarm target=backend', '@backend: status'],
  [
    'scale up instances 3',
    'scale up by 3',
    'spin up three instances',
    'add 3 agents',
    'grow swarm by three',
    'scale instances up by 3',
    'scale swarm up with 3 agents',
  ],
  ['scale up instances 1', 'add an agent', 'spin up an instance'],
  ['scale instances 5', 'scale to 5', 'scale up to 5', 'scale down to five', 'grow to 5', 'resize swarm to 5'],
  ['sync git down', 'git pull', 'pull', 'sync repo from down', 'git sync pull'],
  ['sync git up', 'git push', 'push'],
  ['sync branch feature/x upstream', 'sync branch feature/x from upstream'],
  ['status git', 'git status'],
  ['merge branch feature/x', 'git merge feature/x', 'land feature/x'],
  [
    'merge all completed branches conflict-resolve',
    'integrate all finished branches conflict resolve',
    'merge every done branch conflict-resolution',
  ],
  ['rollback integration batch-5', 'revert batch-5', 'roll back the batch-5', 'undo integration batch-5'],
  ['rollback integration last', 'rollback last integration', 'undo the latest batch'],
  [
    'reassign task from kiro-3 to kiro-1',
    'move tasks from kiro-3 to kiro-1',
    'hand over tasks from kiro-3 to instance kiro-1',
  ],
  ['assign task 3.1 to kiro-2', 'assign 3.1 kiro-2', 'give task 3.1 to agent kiro-2'],
  ['switch protocol backup', 'fail over to backup', 'failover to the backup', 'use fallback protocol'],
  ['switch protocol nats', 'switch to nats', 'use nats', 'change protocol to nats'],
  [
    'tell instance kiro-3 "use the new API"',
    'tell kiro-3 use the new API',
    'send "use the new API" to kiro-3',
    'message kiro-3: use the new API',
    "ask instance kiro-3 'use the new API'",
    'tell kiro-3 “use the new API”',
    'tell kiro-3 to "use the new API"',
  ],
  ['tell all instances "freeze"', 'broadcast "freeze"', 'tell all "freeze"', 'tell everything "freeze"'],
  ['tell all running instances "rebase now"', 'tell all running agents rebase now'],
  [
    'create task priority=high "Add login page"',
    'create task Add login page priority=high',
    'add task "Add login page" priority=high',
    'new task priority=high "Add login page"',
  ],
  [
    'report progress percent=40 "halfway there"',
    'report progress 40 halfway there',
    'report progress 40 "halfway there"',
  ],
  ['report result "all green"', 'report done all green', 'report result all green'],
  [
    'attach instance kiro-1 read-only',
    'open kiro-1 read only',
    'connect to kiro-1 read-only',
    'attach instance kiro-1 readonly',
  ],
  ['detach instance kiro-1', 'detach from kiro-1'],
  ['show log kiro-1', 'show the log of kiro-1', 'instances log kiro-1', 'logs show kiro-1'],
  ['show result 3.1', 'show result of task 3.1', 'tasks result 3.1'],
  ['list task', 'tasks', 'list tasks', 'tasks list', 'show tasks', 'ls jobs'],
  ['list failed tasks', 'list failed tasks', 'list tasks state=failed', 'tasks failed', 'tasks --state failed'],
  ['show task 3.1', 'task 3.1', 'describe 3.1', 'task show 3.1'],
  ['explain instance kiro-3', 'why kiro-3'],
  ['help topic "stop"', 'help stop', '? stop', 'man stop'],
  ['help topic', 'help', '?'],
  [
    'preview command "stop all running threads"',
    'preview stop all running threads',
    'preview "stop all running threads"',
  ],
  [
    'launch instance count=2 agent=claude',
    'launch 2 claude agents',
    'start two claude instances',
    'bring up 2 agents --agent claude',
  ],
  ['launch instance group=backend count=1', 'launch an agent in group backend'],
  ['launch instance group=backend', 'launch agents in group backend'],
  ['launch instance agent=claude count=1', 'launch a claude', 'start a new claude agent'],
  ['resolve all conflicts agent=claude', 'fix all conflicts with claude'],
  ['join worker worker-2', 'join worker-2'],
  ['open ide kiro-1', 'open ide kiro-1', 'open window kiro-1'],
  ['import spec ../other', 'import spec ../other', 'load ../other'],
  ['set task 3.1 complexity=8', 'set 3.1 complexity=8', 'tasks set 3.1 --complexity 8', 'tasks set 3.1 --complexity=8'],
  ['test failure simulate instance-crash recovery-time=30s', 'test failure inject instance crash --recovery-time=30s'],
  ['lock resource schema', 'reserve schema'],
];

describe('wordings', () => {
  for (const [canonical, ...variants] of SAME)
    test.each([canonical, ...variants])(`[PRT-3] "%s" means: ${canonical}`, (text) =>
      expect(said(text)).toBe(canonical),
    );
});

describe('refusals', () => {
  test.each([
    ['stop', 'help stop'],
    ['stop all', 'stop all instances'],
    ['pause all', 'pause all instances'],
    ['run all', 'run all tasks'],
    ['failed tasks', 'list failed tasks'],
    ['status swarm detaled', 'status swarm detailed'],
    ['rnu task abc beats mode', 'run task abc beast mode'],
    ['tasks rnu 3.1', 'tasks run 3.1'],
    ['gracefully stop kiro-3', 'stop kiro-3 gracefully'],
    ['kiro-3 stop --force', 'stop kiro-3 --force'],
    ['kiro-3', 'show instance kiro-3'],
    ['scale up', 'scale up instances 1'],
    ['scale instances by 3', 'scale up by 3'],
    ['tell instances "x"', 'tell all instances "x"'],
    ['stop kiro-3 and run task 3', 'stop kiro-3'],
    ['stop kiro-3 --forse', 'stop kiro-3 --force'],
    ['stop kiro-3 tomorow', 'help stop'],
    ['tell kiro-3', '"…"'],
    ['send hi to kiro-1', 'quotes'],
    ['test', 'protocol'],
    ['test failure simulate', 'instance-crash'],
    ['test integration', 'merge-conflicts'],
    ['test protocol parse', 'test protocol parse "'],
    ['start 3', 'run task'],
    ['stop config', 'stop instance'],
    ['status swarm resolution=3', 'help status'],
    ['tasks create --title', '--title="Build the parser"'],
    ['[verb] task', 'run task'],
    ['show me <id>', 'show'],
  ])('[PRT-5] "%s" is refused with a way out', (text, way) => {
    const result = parse(text, language);
    if (result.ok) throw new Error(`understood as ${say(result.meaning)}`);
    expect(result.error.exit).toBe(2);
    expect(result.error.hint).toContain(way);
  });

  test('what is meant is said once, and listed only where it may be several things', () => {
    const hintOf = (text: string) => {
      const result = parse(text, language);
      return result.ok ? undefined : result.error.hint;
    };
    expect(hintOf('run all')).toBe('Did you mean: run all tasks?');
    expect(hintOf('approve all')).toBe('Did you mean: approve all instances? Say which: instances, tasks.');
  });

  test.each([
    "don't stop all running threads",
    'don’t stop all running threads',
    'never stop kiro-3',
    'stop kiro-3 if it is idle',
    'stop kiro-3 unless it is busy',
    'stop all running threads when done',
    'tell kiro-3 do not touch the schema',
    'stop all instances not running',
    'stop kiro-3; stop kiro-4',
    'stop\nall instances',
    'stop all running threads yesterday',
    'stop two agents',
    'stop 2 instances',
    'stop instance kiro-3 all',
    'stop running kiro-3',
    'stop instance kiro-3 except kiro-4',
    'stop all except kiro-1',
    'stop all instances and tasks',
    'stop instance kiro-3 id=kiro-4 --all',
    'kill kiro-3 gracefully',
    'resolve all conflicts ours theirs',
    'scale up 3 agents to 5',
    'scale kiro-3',
    'rollback to batch-4',
    'rollback kiro-3',
    'stop batch-5',
    'run abc def',
    'run 3 tasks',
    'run task run',
    'run task -rf',
    'run task ../../etc',
    'run task a..b',
    'run task "two words"',
    'run task abc in turbo mode',
    'run task abc in',
    'run task abc about kiro-3',
    'merge feature/x from all branches',
    'assign 3.1 to task 3.2',
    'list tasks of kiro-3',
    'launch instance kiro-3',
    'launch yesterday',
    'what is running',
    'how are you?',
    'should I stop kiro-3?',
    'git commit',
    '@kiro-3: run',
    '@kiro-3: stop all running threads',
    '@kiro-3',
    'drover',
    'please',
    'tell kiro-3 "unclosed',
    'tell kiro-3 use "x"y',
    'run task ab"c',
    'stop instance __proto__',
    'tell kiro-1 "a\u001B[31mb"',
    'stop kiro-3\u202E',
    'stop kiro-1, all',
    'tell all hello world',
    'show task 3.1 result',
    'switch protocol',
    'test banana',
    'test',
    'create "Add login"',
    'run task 3.1 "x" ',
    'status task priority=high',
    'stop kiro-1 except=kiro-2',
  ])('[PRT-5] "%s" does nothing', (text) => {
    const result = parse(text, language);
    if (result.ok) throw new Error(`understood as ${say(result.meaning)}`);
    expect(result.error.exit).toBe(2);
  });

  test('[PRT-5] the message names the bad word and the hint is the whole corrected command', () => {
    const result = parse('rnu task abc', language);
    expect(result).toMatchObject({
      ok: false,
      suggestion: 'run task abc',
      error: { message: 'Unknown verb "rnu".', hint: 'Did you mean: run task abc?', exit: 2 },
    });
  });
});

test('a command that is registered is understood without another edit', () => {
  const ping: Signature = {
    verb: 'ping',
    noun: 'probe',
    modifiers: ['loud'],
    parameters: ['id', 'scope'],
    target: 'required',
    phase: 1,
  };
  const own = { ...language, signatures: [...signatures, ping] };
  for (const text of ['ping probe p1 loud', 'probes ping p1 --loud', 'ping p1 loud', 'please ping the probe p1 loud']) {
    const result = parse(text, own);
    expect(result.ok && result.meaning).toEqual({
      verb: 'ping',
      noun: 'probe',
      modifiers: ['loud'],
      parameters: { id: 'p1' },
    });
  }
});

test.each(['main', 'safe mode', 'force'])(
  '[PRT-3] the last word behind the key of a setting is its value: %s',
  (value) => {
    const line = `set config branches.base ${value.includes(' ') ? JSON.stringify(value) : value}`;
    const result = parse(line, language);
    expect(result.ok && result.meaning.parameters).toEqual({ id: 'branches.base', value });
  },
);

test.each([
  ['launch -3 instances', 1],
  ['launch 2.5 agents', 1],
  ['launch 99999999999999999999 instances', 1],
  ['scale instances -1', 0],
  ['scale to -1 instances', 0],
  ['scale up instances -2', 0],
])('[PRT-5] an amount that is none is refused with those that are taken: %s', (line, least) => {
  const result = parse(line, language);
  const number = /-?\d[\d.]*/u.exec(line)![0];
  expect(result.ok || [result.error.message.split(' is no ')[0], result.error.hint]).toEqual([
    `"${number}"`,
    `Say a whole number from ${least} to 999999999.`,
  ]);
});

test.each([
  [`import spec ""`, '"" cannot be a path: it is empty.'],
  [`import spec ${'a'.repeat(500)}`, 'cannot be a path: it is longer than 400 characters.'],
  [`stop instance ""`, '"" cannot be an id: it is empty.'],
])('[PRT-5] what cannot be an id is told why', (line, message) => {
  const result = parse(line, language);
  expect(result.ok ? 'understood' : result.error.message).toContain(message);
});
