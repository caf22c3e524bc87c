import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import { ask } from '../../../src/client/request.ts';
import type { AuditRecord } from '../../../src/ports/audit.ts';
import { BWRAP } from '../../../src/sandbox/layout.ts';
import { answerOf } from '../../commands/stage.ts';
import { noSandbox } from '../../helpers/sandbox.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';

/** Says three commands that no agent may say, and leaves the exit codes in a file of its name. */
const ATTACK = `name=$1
codes=
for command in 'set config checks.task true' 'stop instance rehearsal-2 force' 'merge completed branches'; do
  "$DROVER" do "$command" --yes >>"$OUT/$name.said" 2>&1
  codes="$codes $?"
done
echo $codes >"$OUT/$name.new"
mv "$OUT/$name.new" "$OUT/$name"
`;

/** Waits until whoever started it is gone, and then attacks. */
const ORPHAN = `while [ "$(cut -d' ' -f4 /proc/$$/stat)" != 1 ]; do :; done
exec sh "$HERE/attack.sh" "$1"
`;

/** The ways in which an agent leaves out, or hides, who it is. */
const AGENT = `clean() { env -i PATH="$PATH" HOME="$HOME" XDG_RUNTIME_DIR="$XDG_RUNTIME_DIR" TMUX_TMPDIR="$TMUX_TMPDIR" DROVER="$DROVER" OUT="$OUT" HERE="$HERE" "$@"; }
if [ -z "$DROVER_INSTANCE" ]; then
  clean sh "$HERE/attack.sh" check
  exit 0
fi
env -u DROVER_TOKEN sh "$HERE/attack.sh" tokenless
env -u DROVER_TOKEN -u DROVER_INSTANCE -u DROVER_SPOOL sh "$HERE/attack.sh" nameless
clean sh "$HERE/attack.sh" stripped
clean sh -c 'sh "$HERE/attack.sh" shell; true'
clean nohup sh "$HERE/attack.sh" nohup
clean setsid -w sh "$HERE/attack.sh" setsid
env DROVER_INSTANCE=rehearsal-2 DROVER_TOKEN="$(cat "$TOKENS/rehearsal-2/token")" sh "$HERE/attack.sh" foreign
clean sh -c 'sh "$HERE/orphan.sh" orphan </dev/null >/dev/null 2>&1 &'
clean sh -c 'setsid sh "$HERE/orphan.sh" daemon </dev/null >/dev/null 2>&1 &'
clean tmux run-shell -b "DROVER='$DROVER' OUT='$OUT' sh '$HERE/attack.sh' run-shell"
clean tmux -L own -f /dev/null new-session -d sh "$HERE/attack.sh" own-server
exit 0
`;

const WAYS = [
  ...['tokenless', 'nameless', 'stripped', 'shell', 'nohup', 'setsid', 'foreign'],
  ...['orphan', 'daemon', 'run-shell', 'own-server', 'check'],
];

/** Writes the attack beside the repository; gives the words that begin it, and what each way has left. */
const stageAttack = (swarm: Swarm) => {
  const here = join(swarm.root, '..', 'attack');
  const out = join(here, 'out');
  mkdirSync(out, { recursive: true });
  const place = { HERE: here, OUT: out, DROVER: join(swarm.paths.bin, 'drover'), TOKENS: swarm.paths.instances };
  const { XDG_RUNTIME_DIR, TMUX_TMPDIR } = swarm.env;
  const exported = Object.entries({ ...place, XDG_RUNTIME_DIR, TMUX_TMPDIR }).map(
    ([key, value]) => `export ${key}='${value}'\n`,
  );
  writeFileSync(join(here, 'attack.sh'), ATTACK);
  writeFileSync(join(here, 'orphan.sh'), ORPHAN);
  writeFileSync(join(here, 'agent.sh'), `${exported.join('')}${AGENT}`);
  return {
    command: `sh ${here}/agent.sh`,
    /** The exit codes that a way has brought, as far as it has come. */
    codes: (): Record<string, string> =>
      Object.fromEntries(
        WAYS.flatMap((way) =>
          existsSync(join(out, way)) ? [[way, readFileSync(join(out, way), 'utf8').trim()] as const] : [],
        ),
      ),
  };
};

const auditOf = (swarm: Swarm): Promise<AuditRecord[]> => answerOf<AuditRecord[]>(swarm, 'list audit limit=500');

test('[SEC-11] an agent without its token is that agent all the same, however it starts the program that speaks', async () => {
  await using swarm = await openSwarm();
  const attack = stageAttack(swarm);
  try {
    await swarm.say('launch 2 instances');
    await swarm.say(`create task "Attack" id=t1 check="${attack.command}"`);
    await swarm.say('run task t1 on rehearsal-1');
    await vi.waitUntil(() => Object.keys(attack.codes()).length === WAYS.length, { timeout: 200_000, interval: 50 });
    expect(attack.codes()).toEqual(Object.fromEntries(WAYS.map((way) => [way, '4 4 4'])));
    const denied = (await auditOf(swarm)).filter(({ decision }) => decision === 'denied');
    expect(denied).toHaveLength(3 * WAYS.length);
    expect(new Set(denied.map(({ actor }) => actor))).toEqual(new Set(['rehearsal-1']));
    expect((await swarm.state()).instances['rehearsal-2']?.stop).toBeNull();
  } finally {
    swarm.tmux('-L', 'own', 'kill-server');
  }
}, 300_000);

test('a person is a person beside living agents, also in a terminal of their tmux server', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 1 instance');
  const drover = join(swarm.paths.bin, 'drover');
  const place = { cwd: swarm.root, env: swarm.env };
  // It rejects with any other exit code than 0.
  await promisify(execFile)(drover, ['do', 'set config limits.maxInstances 7', '--yes'], place);
  const code = join(swarm.root, '..', 'code');
  const words = `cd '${swarm.root}' && '${drover}' do 'set config limits.maxInstances 8' --yes; echo $? >'${code}.new'; mv '${code}.new' '${code}'`;
  swarm.tmux('new-session', '-d', '-s', 'person', words);
  await vi.waitUntil(() => existsSync(code));
  expect(readFileSync(code, 'utf8').trim()).toBe('0');
  expect((await auditOf(swarm)).map(({ actor, role, decision }) => [actor, role, decision])).toEqual([
    ['cli', 'admin', 'allowed'],
    ['cli', 'admin', 'allowed'],
    ['cli', 'admin', 'allowed'],
  ]);
});

test.skipIf(noSandbox !== undefined)(
  '[SEC-9] whoever another swarm has shut in is no person, and may look',
  async () => {
    await using swarm = await openSwarm();
    const drover = join(swarm.paths.bin, 'drover');
    const wall = ['--unshare-user', '--unshare-pid', '--die-with-parent', '--ro-bind', '/', '/', '--dev', '/dev'];
    const say = (text: string) =>
      promisify(execFile)(BWRAP, [...wall, '--proc', '/proc', drover, 'do', text, '--yes'], {
        ...{ cwd: swarm.root, env: swarm.env },
      }).then(
        ({ stdout }) => stdout,
        ({ code, stderr }: { code: number; stderr: string }) => `${code} ${stderr}`,
      );
    // The daemon has no agents, or one: a person says so in the same terminal.
    for (const launch of [false, true]) {
      if (launch) await swarm.say('launch 1 instance');
      expect(await say('set config limits.maxInstances 7')).toMatch(/^4 [\s\S]*is in a sandbox or a container/u);
      expect(await say('launch 1 instance')).toMatch(/^4 /u);
      expect(await say('list instances')).not.toMatch(/^\d+ /u);
    }
    expect((await auditOf(swarm)).filter(({ decision }) => decision === 'denied').map(({ actor }) => actor)).toEqual(
      Array.from({ length: 4 }, () => 'unknown'),
    );
  },
);

test('a token makes an agent of a person, and of nobody a person or another agent', async () => {
  await using swarm = await openSwarm();
  await swarm.say('launch 2 instances');
  const frame = { text: 'set config limits.maxInstances 7', yes: true, view: { columns: 80, color: false } };
  const token = readFileSync(`${swarm.paths.instances}/rehearsal-1/token`, 'utf8');
  const lowered = await ask(swarm.paths, swarm.env, { ...frame, actor: 'rehearsal-1', token });
  expect([lowered.exit, lowered.hint]).toEqual([4, 'It takes the role admin.']);
  const foreign = await ask(swarm.paths, swarm.env, { ...frame, actor: 'rehearsal-2', token });
  expect([foreign.exit, foreign.message]).toEqual([4, 'cli may not say "anything".']);
});

test('what a client calls itself reaches no log but as one of two words', async () => {
  await using swarm = await openSwarm();
  const actor = 'rehearsal-1\n2026-01-01T00:00:00Z daemon c-1 → \u001B[2Jforged';
  const said = { text: 'create task "T"', yes: true, actor, view: { columns: 80, color: false } };
  expect(await ask(swarm.paths, swarm.env, said)).toMatchObject({ exit: 0 });
  expect((await auditOf(swarm)).map((record) => record.actor)).toEqual(['cli']);
  await swarm.close();
  const log = readFileSync(swarm.paths.communicationLog, 'utf8');
  expect([log.includes('forged'), log.includes('\u001B')]).toEqual([false, false]);
  expect(log.split('\n').filter((line) => !/^$|^\S+ cli c-\S+ [→←] /u.test(line))).toEqual([]);
});
