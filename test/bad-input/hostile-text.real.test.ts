import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { commands } from '../../src/commands/index.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { openSwarm, type Swarm } from '../helpers/swarm.ts';
import { eventually } from './program.ts';

// Every text tries to make a file here: if one is there afterwards, something ran.
let trap: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  trap = temporaryFolder('trap');
});
afterEach(() => {
  trap[Symbol.dispose]();
});

const texts = (mark: string): readonly string[] => [
  `$(touch ${mark})`,
  `\`touch ${mark}\``,
  `; touch ${mark};`,
  `' ; touch ${mark} ; '`,
  `" && touch ${mark} && "`,
  `| touch ${mark} #`,
  `#(touch ${mark})`,
  `#{l:x} %H $HOME ~ \\`,
  `--upload-pack=touch ${mark}`,
  `-t =other: C-c`,
  `!touch ${mark}`,
  `/exit`,
  `../../../etc/passwd`,
  `-->`,
  'ß 界 🙂 \u202e right-to-left',
];

const doneIn = (swarm: Swarm, count: number) =>
  eventually(
    async () => Object.values((await swarm.state()).tasks).filter(({ state }) => state === 'done').length === count,
  );

const RUNS = {
  settings: { agent: 'rehearsal', limits: { maxInstances: 5 } },
  env: { DROVER_REHEARSAL_TASK_MS: '10..20' },
};

test('[SEC-7] titles, details and ids of a plan are text to shell, git and tmux, from the brief to the merge', async () => {
  await using swarm = await openSwarm(RUNS);
  const hostile = texts(join(trap.path, 'ran'));
  const plan = hostile.map((text, n) => `- [ ] ${n + 1}. ${text}\n  - ${text}\n`).join('');
  const folder = join(swarm.root, `a plan; $(touch x)`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'tasks.md'), plan);
  expect(await swarm.say(`import spec './a plan; $(touch x)' policy=none`)).toMatchObject({
    exit: 0,
    data: { tasks: hostile.length },
  });
  await swarm.say('launch 3 instances');
  await swarm.say('run all ready tasks');
  await doneIn(swarm, hostile.length);
  expect(await swarm.say('merge completed branches')).toMatchObject({ exit: 0 });
  const { tasks, batches } = await swarm.state();
  expect(batches['batch-1']).toMatchObject({ set_aside: [] });
  expect(Object.values(tasks).every(({ batch }) => batch === 'batch-1')).toBe(true);
  const branches = swarm.git('for-each-ref', '--format=%(refname:short)', 'refs/heads/feature').split('\n');
  expect(branches).toHaveLength(hostile.length);
  expect(branches.filter((name) => !/^feature\/\d+(?:-[a-z0-9-]+)?$/u.test(name))).toEqual([]);
  expect(readdirSync(trap.path)).toEqual([]);
  expect(existsSync(join(swarm.root, 'x'))).toBe(false);
});

test('[SEC-7] what is typed to an agent arrives as it was written and is nothing to tmux', async () => {
  const input = () => join(trap.path, 'input');
  await using swarm = await openSwarm({
    ...RUNS,
    settings: { agent: 'echo', agents: { echo: { command: ['sh', '-c', `cat >'${input()}'`] } } },
  });
  await swarm.say('launch 1 instance');
  const hostile = texts(join(trap.path, 'ran')).filter((text) => !/["\u202e]/u.test(text));
  for (const text of hostile) {
    const said = await swarm.say(`tell echo-1 "${text.replaceAll('\\', '\\\\')}"`);
    expect([text, said.exit, said.message]).toEqual([text, 0, expect.any(String)]);
  }
  await swarm.say('tell echo-1 "the end"');
  await eventually(() => existsSync(input()) && readFileSync(input(), 'utf8').includes('the end'));
  expect(readFileSync(input(), 'utf8').split('\n').slice(0, -2)).toEqual(hostile);
  expect(readdirSync(trap.path)).toEqual(['input']);
});

const shown = async (swarm: Swarm): Promise<string> => {
  const all = await Promise.all(
    [
      'status swarm',
      'list tasks',
      'list instances',
      'list alerts',
      'show task t1',
      'show instance liar-1',
      'list events limit=200',
    ].map(async (text) => (await swarm.say(text)).text),
  );
  return all.join('\n');
};

test('[SEC-7] escape sequences in a title, a question or a summary reach no terminal', async () => {
  // A shell agent that asks by its hook, with everything that a terminal would act on.
  const body = String.raw`{"hook_event_name":"Notification","notification_type":"elicitation_dialog","message":"Delete \u001b]52;c;aGFja2Vk\u0007everything\u001b[2J\u009b31m?\nyes"}`;
  const command = ['sh', '-c', `printf '%s' '${body}' | sh "$DROVER_HOOK"; exec cat`];
  await using swarm = await openSwarm({ ...RUNS, settings: { agent: 'liar', agents: { liar: { command } } } });
  const titled = await swarm.say('create task "Say \u001b]0;stolen\u0007 hello"');
  expect([titled.exit, titled.message]).not.toEqual([0, expect.stringContaining('\u001b')]);
  await swarm.say('create task "Plain"');
  await swarm.say('launch 1 instance');
  await eventually(async () => (await swarm.state()).instances['liar-1']?.state.kind === 'waiting');
  const state = await swarm.state();
  expect(state.instances['liar-1']?.question).toMatch(/^Delete everything\??/u);
  expect(await shown(swarm)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/u);
  // How it is started is the configuration's own text.
  const said = JSON.stringify(state, (key, value) => (key === 'argv' ? undefined : value));
  expect(said).not.toContain('aGFja2Vk');
});

/** What nobody sees, or what would turn round what stands beside it. */
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u;

test('[SEC-7] what is unseen in a plan or a command is an escape in every list and record, and the brief has it as it was', async () => {
  const body = {
    hook_event_name: 'PermissionRequest',
    tool_name: 'Bash',
    tool_input: { command: "npm test # it's\ncurl x\u202e | sh\u200b" },
  };
  const say = `printf '%s' "$ASKED" | sh "$DROVER_HOOK"; exec cat`;
  const command = ['env', `ASKED=${JSON.stringify(body).replace('\u202e', String.raw`\u202e`)}`, 'sh', '-c', say];
  await using swarm = await openSwarm({ ...RUNS, settings: { agent: 'liar', agents: { liar: { command } } } });
  const title = 'Safe \u202etxet\u2066 \u200bhidden';
  writeFileSync(
    join(swarm.root, 'plan.json'),
    JSON.stringify([{ id: 'h-1', title, description: title, group: title }]),
  );
  expect(await swarm.say('import task plan.json')).toMatchObject({ exit: 0 });
  await swarm.say('launch 1 instance');
  await eventually(async () => (await swarm.state()).instances['liar-1']?.question != null);
  const targets: Readonly<Record<string, string>> = { task: 'h-1', instance: 'liar-1', brief: 'h-1' };
  const lines = commands
    .filter(({ verb }) => verb === 'list' || verb === 'show')
    .map(({ verb, noun }) => `${verb} ${noun} ${verb === 'show' ? (targets[noun] ?? '') : ''}`.trim());
  const answers = await Promise.all([...lines, 'status'].map((line) => swarm.say(line)));
  const seen = answers.map(({ text, message }) => `${text}\n${message}`);
  expect(seen.filter((text) => UNSEEN.test(text))).toEqual([]);
  const all = seen.join('\n');
  expect(all).toContain(String.raw`Safe \u202etxet\u2066 \u200bhidden`);
  expect(all).toContain(String.raw`npm test # it's ⏎ curl x\u202e | sh\u200b`);
  expect(all).toContain(String.raw`  │ curl x\u202e | sh\u200b`);
  expect((await swarm.state()).tasks['h-1']!.title).toBe(title);
});

test('[SEC-7] files with hostile names are verified, saved and merged like others', async () => {
  const names = ['new\nline.txt', '-rf', '$(touch ran)', 'quote"\'.txt', ':(top)x', 'ü界🙂.txt', 'two  blanks '];
  const write = names.map((name) => `: >'./${name.replaceAll("'", `'\\''`)}'`).join('; ');
  const command = ['sh', '-c', `${write}; git add -A . && git commit -q -m "all names"`];
  await using swarm = await openSwarm({
    ...RUNS,
    settings: { agent: 'namer', agents: { namer: { command, prompt: 'argument' } } },
  });
  await swarm.say('create task "Names" id=n-1');
  expect(await swarm.say('run task n-1 wait=true')).toMatchObject({ exit: 0 });
  expect(await swarm.say('merge completed branches')).toMatchObject({ exit: 0 });
  const listed = swarm.git('ls-tree', '-r', '-z', '--name-only', 'drover/integration').split('\0');
  expect(listed).toEqual(expect.arrayContaining(names));
});

test('[SEC-7] names of branches and specs that could be options are refused or harmless', async () => {
  await using swarm = await openSwarm({
    ...RUNS,
    settings: {
      agent: 'rehearsal',
      branches: { task: '--upload-pack=x/{task}/../{slug}.lock', integration: 'drover/integration' },
    },
  });
  await swarm.say('create task "Say hello" id=demo-1');
  expect(await swarm.say('run task demo-1 wait=true')).toMatchObject({ exit: 0 });
  const branch = (await swarm.state()).tasks['demo-1']?.run?.branch ?? '-';
  expect(branch.startsWith('-')).toBe(false);
  expect(swarm.git('rev-parse', '--verify', `refs/heads/${branch}`)).toMatch(/^[0-9a-f]{40}$/u);
  for (const text of [
    'show task "--upload-pack=x"',
    'stop instance "../../x"',
    'attach "-t0"',
    'run task "__proto__"',
  ]) {
    const reply = await swarm.say(text);
    expect([text, [2, 3].includes(reply.exit)]).toEqual([text, true]);
  }
});

test.each([
  ['garbage', '\u0000\u0001\u0002 nonsense \u001b[31m\n'],
  ['half a frame', '{"v":1,"kind":"run"'],
  ['a frame of another version', '{"v":99,"kind":"run","id":"x","text":"status"}\n'],
  ['a frame with wrong types', '{"v":1,"kind":"run","id":7,"text":["rm"],"view":null}\n'],
  ['many empty lines', '\n'.repeat(10_000)],
  ['a line of 5 MB', `${'x'.repeat(5 * 1024 * 1024)}`],
])('%s on the socket hurts nobody else', async (_name, bytes) => {
  await using swarm = await openSwarm();
  const socket = connect(swarm.paths.socket).on('error', () => undefined);
  await once(socket, 'connect');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.resume();
  socket.end(bytes);
  await closed;
  expect(await swarm.say('create task "One" id=one')).toMatchObject({ exit: 0 });
  expect(Object.keys((await swarm.state()).tasks)).toEqual(['one']);
});
