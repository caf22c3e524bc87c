import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { limited, median, rounded, spread } from './figures.mjs';
import { holdOpen, inPackage, inSandbox } from './sandbox.mjs';

const HOOK = inPackage('assets/hook.sh');
/** Nothing at all, started as cheaply as a shell can be. */
const NOTHING = ['/bin/sh', '-c', ':'];
const BATCH = 5;

/** What an agent says of a tool that it has used. */
const message = (bytes) =>
  JSON.stringify({
    hook_event_name: 'PostToolUse',
    session_id: '25794e3f-0000-4000-8000-000000000000',
    cwd: '/work/of/somebody',
    tool_name: 'Bash',
    tool_input: { command: 'npm test', description: 'Runs the tests' },
    tool_response: { stdout: 'x'.repeat(bytes - 300), stderr: '', interrupted: false },
    tool_use_id: 'toolu_0123456789',
  });

/** A program that starts a command again and again; see `caller.pl`. */
const openCaller = (command, { body, env }) => {
  const child = spawn('perl', [inPackage('bench/caller.pl'), body, ...command], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const release = holdOpen({ close: async () => void child.kill() });
  const ask = async (words) => {
    child.stdin.write(`${words}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error(`"${command.join(' ')}" could not be called`);
    return value.split(' ').map(Number);
  };
  return {
    /** Milliseconds of so many calls, one after the other. */
    calls: async (count) => (await ask(count)).map((us) => us / 1000),
    /** Milliseconds of CPU that all of them used, and how many failed or said something. */
    end: async () => {
      const [cpu_ms, failed] = await ask('end');
      release();
      return { cpu_ms, failed };
    },
  };
};

/** Calls several commands in turns, there and back; wall and CPU of each, and what the first was against each other one. */
const compare = async (commands, { body, env, rounds }) => {
  const callers = Object.entries(commands).map(([name, command]) => [name, openCaller(command, { body, env })]);
  const taken = Object.fromEntries(callers.map(([name]) => [name, []]));
  for (let round = 0; round < rounds; round += 1)
    for (const [name, caller] of round % 2 === 0 ? callers : callers.toReversed())
      taken[name].push(await caller.calls(BATCH));
  const told = {};
  for (const [name, caller] of callers) {
    const { cpu_ms, failed } = await caller.end();
    if (failed > 0) throw new Error(`${failed} calls of ${name} failed or said something`);
    told[name] = { wall_ms: spread(taken[name].flat()), cpu_ms: rounded(cpu_ms / (rounds * BATCH)) };
  }
  const against = (name, base) => median(taken[name].map((some, i) => median(some) / median(taken[base][i])));
  return { told, against };
};

const tokenOf = ({ paths }, id) => readFileSync(join(paths.instances, id, 'token'), 'utf8');

/** What an agent of this instance gives its hooks. */
export const hookEnv = (box, id) => ({
  PATH: process.env.PATH,
  DROVER_SPOOL: join(box.paths.spool, id),
  DROVER_INSTANCE: id,
  DROVER_TOKEN: tokenOf(box, id),
});

/** Agents that tell that they are ready and then do nothing, in the place of the one that comes with Drover. */
export const restingAgents = (count) => ({
  agents: {
    rehearsal: {
      command: ['sh', '-c', `echo '{"hook_event_name":"SessionStart"}' | "$DROVER_HOOK"; exec sleep 86400`],
    },
  },
  limits: { maxInstances: count },
});

const spooled = ({ paths }) => readdirSync(join(paths.spool, 'rehearsal-1'));
const bytesIn = ({ paths }) =>
  spooled({ paths }).reduce((sum, name) => sum + statSync(join(paths.spool, 'rehearsal-1', name)).size, 0);

const PATIENCE_ROUNDS = { quick: 4, whole: 60 };

/** One call of the hook: while the daemon takes what it leaves, while nobody does, when the spool is full, with much. */
export const call = {
  title: 'one call of the hook against a shell that does nothing',
  measure: ({ quick }) =>
    inSandbox({ settings: restingAgents(1), files: { 'README.md': 'rests\n' } }, async (box) => {
      await box.say('launch rehearsal');
      const rounds = quick ? PATIENCE_ROUNDS.quick : PATIENCE_ROUNDS.whole;
      const env = hookEnv(box, 'rehearsal-1');
      const write = (bytes) => {
        const file = join(box.folder, `body-${bytes}`);
        writeFileSync(file, message(bytes));
        return file;
      };
      const [small, large] = [write(1200), write(1_000_000)];
      const shell = { hook: [HOOK], nothing: NOTHING, hook_by_a_shell: ['/bin/sh', '-c', `'${HOOK}'`] };
      const up = await compare(shell, { body: small, env, rounds });
      await box.endDaemon();
      const down = await compare(shell, { body: small, env, rounds });
      // Until it is full.
      while (spooled(box).length < 200) await compare({ hook: [HOOK] }, { body: small, env, rounds: 4 });
      const full = await compare(shell, { body: small, env, rounds });
      const count = spooled(box).length;
      const copy = ['/bin/sh', '-c', `cat >'${join(box.folder, 'copy')}'`];
      const much = await compare({ hook: [HOOK], copy }, { body: large, env, rounds });
      return {
        limits: [
          limited('a call, taken by the daemon, against sh -c :', up.against('hook', 'nothing'), 3, 'x'),
          limited('a call while no daemon runs, against sh -c :', down.against('hook', 'nothing'), 3, 'x'),
          limited('a call when the spool is full, against sh -c :', full.against('hook', 'nothing'), 3, 'x'),
          limited('its CPU, against sh -c :', up.told.hook.cpu_ms / up.told.nothing.cpu_ms, 3, 'x'),
          limited('a call with 1 MB, against sh -c "cat >file"', much.against('hook', 'copy'), 1.5, 'x'),
          limited('messages of one instance that nobody takes', spooled(box).length, 200, 'files'),
        ],
        figures: {
          ...{ taken: up.told, no_daemon: down.told, full: full.told, one_megabyte: much.told },
          by_a_shell_against_nothing: rounded(up.against('hook_by_a_shell', 'nothing')),
          ...{ files_when_full: count, bytes_when_full: bytesIn(box) },
        },
      };
    }),
};
