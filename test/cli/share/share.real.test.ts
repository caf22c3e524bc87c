import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import pty from '@lydell/node-pty';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { AuditRecord } from '../../../src/ports/audit.ts';
import type { HealthReport } from '../../../src/ports/reflective.ts';
import { whileBusy } from '../../helpers/busy.ts';
import { alive } from '../../helpers/daemon.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { GUEST, isRoot, rawGuest, STRANGER, WITH_OTHERS } from './guests.ts';

let swarm: Swarm;
beforeAll(async () => {
  swarm = await openSwarm();
  await swarm.say('launch 1 instance');
});
afterAll(() => swarm[Symbol.asyncDispose]());

/** All that the agent has printed. */
const printed = (): string => {
  const folder = `${swarm.paths.logs}/rehearsal-1`;
  const logs = readdirSync(folder).filter((file) => file.endsWith('.log'));
  return logs.map((file) => readFileSync(`${folder}/${file}`, 'utf8')).join('');
};
const typeAsOwner = (text: string): void => {
  swarm.tmux('send-keys', '-t', '=r-rehearsal-1:=agent', '-l', text);
  swarm.tmux('send-keys', '-t', '=r-rehearsal-1:=agent', 'Enter');
};
const windowSize = () =>
  swarm.tmux('display-message', '-p', '-t', '=r-rehearsal-1:', '#{window_width}x#{window_height}');

const share = async (words = ''): Promise<string> => {
  const reply = await swarm.say(`share session rehearsal-1 user=daemon ${words}`);
  expect([reply.exit, reply.message]).toEqual([0, expect.stringContaining('joins with: drover sessions join /tmp/')]);
  return (reply.data as { join: string }).join.split(' ').at(-1)!;
};
const visits = async (): Promise<readonly AuditRecord[]> =>
  ((await swarm.say('list audit limit=100')).data as AuditRecord[]).filter(({ role }) => role === 'guest');
const relayPid = async (): Promise<number | null> => {
  const { health } = (await swarm.say('status daemon health')).data as { health: HealthReport };
  return (health.services.find(({ name }) => name === 'sharing')?.indicators['process'] ?? null) as number | null;
};

/** `tmux attach` as the owner types it, with the number of clients that look then. */
const attach = async (count: number, ...args: string[]) => {
  const client = pty.spawn('tmux', ['-u', 'attach', ...args, '-t', '=r-rehearsal-1'], {
    ...{ cols: 90, rows: 30, name: 'xterm-256color', env: swarm.env },
  });
  await vi.waitUntil(
    () =>
      swarm
        .tmux('list-clients')
        .split('\n')
        .filter((line) => line !== '').length === count,
  );
  return client;
};

test('[TMX-9] two clients of the owner attach at once, and keys of one that looks only do not reach the agent', async () => {
  const clients = [await attach(1), await attach(2, '-r')];
  clients[1]!.write('from the one who looks\r');
  clients[0]!.write('from the one who types\r');
  await vi.waitUntil(() => printed().includes('heard: from the one who types'));
  expect(printed()).not.toContain('from the one who looks');
  expect((await swarm.say('detach session rehearsal-1')).message).toBe('Detached 2 clients from rehearsal-1.');
});

describe.runIf(isRoot)(WITH_OTHERS, () => {
  test('[TMX-9] a guest sees what the agent prints, and keys of a guest who looks only do not reach it', async () => {
    const before = windowSize();
    const socket = await share();
    expect(statSync(dirname(socket)).mode & 0o777).toBe(0o711);
    const guest = rawGuest(socket, GUEST);
    await guest.see('"kind":"screen"');
    expect(guest.frames()[0]).toMatchObject({ kind: 'welcome', instance: 'rehearsal-1', rw: false });
    typeAsOwner('for the guest');
    await guest.see('heard: for the guest');
    expect((await swarm.say('show session rehearsal-1')).text).toMatch(/^shared: +daemon, looks only, until /m);
    guest.type('from the guest');
    await guest.gone();
    typeAsOwner('after it');
    await vi.waitUntil(() => printed().includes('heard: after it'));
    expect(printed()).not.toContain('from the guest');
    expect(windowSize()).toBe(before);
    expect(swarm.tmux('list-clients')).toBe('');
    await vi.waitUntil(async () => (await visits()).length >= 2);
    expect(await visits()).toMatchObject([
      { actor: 'guest:daemon', command: 'join session rehearsal-1', decision: 'allowed', result: 'looks on' },
      { command: 'leave session rehearsal-1', result: 'said what a guest may not say, and was cut off' },
    ]);
  });

  test('[TMX-9] a guest who may type does, and tmux takes none of the keys for itself', async () => {
    const socket = await share('rw');
    const guest = rawGuest(socket, GUEST);
    await guest.see('"kind":"screen"');
    guest.say(
      '{"kind":"typed","events":[{"kind":"key","key":"ctrl+b"},{"kind":"text","text":"d"},{"kind":"key","key":"enter"}]}\n',
    );
    guest.type('$(touch /tmp/x); #{y} ~');
    await guest.see('heard: $(touch /tmp/x); #{y} ~');
    await swarm.say('unshare session rehearsal-1');
    await guest.gone();
    const left = (await visits()).at(-1);
    expect(left?.result).toMatch(/^It is shared with you no more: cli ended it\.; 5 keys typed$/);
  });

  test('[TMX-9] whoever is not the one who was named is refused, the owner as well, and that is written down', async () => {
    const socket = await share();
    for (const uid of [STRANGER, 0]) {
      const guest = rawGuest(socket, uid);
      await guest.gone();
      expect(guest.frames()).toEqual([
        { kind: 'end', exit: 4, message: 'This is shared with another user of this machine.' },
      ]);
    }
    await vi.waitUntil(async () => (await visits()).some(({ actor }) => actor === `uid:${STRANGER}`));
    expect((await visits()).find(({ actor }) => actor === `uid:${STRANGER}`)).toMatchObject({
      decision: 'denied',
      exit: 4,
    });
  });

  test('[TMX-9] whoever is let in no more is cut off within a second, and nobody can join', async () => {
    const socket = await share();
    const guest = rawGuest(socket, GUEST);
    await guest.see('"kind":"screen"');
    const pid = await relayPid();
    expect(pid).not.toBeNull();
    const begun = performance.now();
    expect((await swarm.say('unshare session rehearsal-1 user=daemon')).message).toBe(
      'Ended 1 share: rehearsal-1 with daemon.',
    );
    await guest.gone();
    expect(performance.now() - begun).toBeLessThan(whileBusy(1000));
    expect(guest.last()).toEqual({ kind: 'end', exit: 0, message: 'It is shared with you no more: cli ended it.' });
    expect(existsSync(dirname(socket))).toBe(false);
    const late = rawGuest(socket, GUEST);
    await late.gone();
    expect(late.frames()).toEqual([{ error: 'ENOENT' }]);
    await vi.waitUntil(() => !alive(pid!));
    const events = (await swarm.say('list events type=instance.shared,instance.unshared limit=2')).data;
    expect(events).toMatchObject([
      { type: 'instance.shared', data: { user: 'daemon', uid: GUEST, rw: false } },
      { type: 'instance.unshared', data: { user: 'daemon', because: 'cli ended it' } },
    ]);
  });

  test('[TMX-9] to share anew ends what was shared before, and a share ends with its time', async () => {
    const first = await share();
    const guest = rawGuest(first, GUEST);
    await guest.see('"kind":"screen"');
    const second = await share('ttl=15s');
    await guest.gone();
    expect(guest.last()).toMatchObject({ message: 'It is shared with you no more: it is shared anew.' });
    const other = rawGuest(second, GUEST);
    await other.gone();
    expect(other.last()).toMatchObject({ kind: 'end', message: 'It is shared with you no more: its time is over.' });
    // The process of the guests ends it by its own clock.
    await expect.poll(async () => (await swarm.state()).instances['rehearsal-1']?.shares).toEqual([]);
  });

  test('[TMX-9] a hostile guest harms nobody: floods, half messages, huge ones, and many connections', async () => {
    const socket = await share('rw');
    const huge = rawGuest(socket, GUEST);
    huge.say('x'.repeat(2 * 1024 * 1024));
    const half = rawGuest(socket, GUEST);
    half.say('{"kind":"typed","events":[{"kind"');
    const wrong = rawGuest(socket, GUEST);
    wrong.say('{"kind":"typed","events":[{"kind":"key","key":"C-b d; kill-server"}]}\n');
    await Promise.all([huge.gone(), wrong.gone()]);
    const many = Array.from({ length: 12 }, () => rawGuest(socket, GUEST));
    const strangers = Array.from({ length: 8 }, () => rawGuest(socket, STRANGER));
    await vi.waitUntil(() => many.filter((one) => one.isGone()).length >= 8);
    await Promise.all(strangers.map((one) => one.gone()));
    expect(
      many.flatMap((one) => one.last() ?? []).some((one) => 'message' in one && /No more than 4/u.test(one.message)),
    ).toBe(true);
    const staying = many.find((one) => one.frames().some((frame) => 'kind' in frame && frame.kind === 'screen'))!;
    staying.type('still here');
    await staying.see('heard: still here');
    const flood = `${JSON.stringify({ kind: 'typed', events: [{ kind: 'text', text: 'y'.repeat(60_000) }] })}\n`;
    for (let i = 0; i < 40; i += 1) staying.say(flood);
    expect((await swarm.say('status swarm')).exit).toBe(0);
    expect(swarm.tmux('list-sessions', '-F', '#{session_name}')).toBe('r-rehearsal-1');
    await swarm.say('unshare all sessions');
    await Promise.all([half.gone(), staying.gone()]);
    swarm.tmux('send-keys', '-t', '=r-rehearsal-1:=agent', 'C-u');
  });

  test('[TMX-9] a share ends when the process of the guests is lost, and when the agent ends', async () => {
    await share();
    process.kill((await relayPid())!, 'SIGKILL');
    await vi.waitUntil(async () => (await swarm.state()).instances['rehearsal-1']?.shares?.length === 0);
    const socket = await share();
    const guest = rawGuest(socket, GUEST);
    await guest.see('"kind":"screen"');
    await swarm.say('stop instance rehearsal-1 force');
    await guest.gone();
    expect(guest.last()).toMatchObject({ kind: 'end', message: 'It is shared with you no more: the agent has ended.' });
    await expect.poll(() => existsSync(dirname(socket))).toBe(false);
    expect((await swarm.say('share session rehearsal-1 user=daemon')).exit).toBe(6);
  });
});
