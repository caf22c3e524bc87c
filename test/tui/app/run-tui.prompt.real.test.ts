import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { completer, forecaster, historyWriter } from '../../../src/cli/screen/tui-client.ts';
import { openReplica } from '../../../src/client/replica.ts';
import { followLog } from '../../../src/logs/follow.ts';
import { UNREAD_MS } from '../../../src/tui/control/dialog-keys.ts';
import { language, settings } from '../../fixtures/signatures.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { openView } from '../open-view.ts';

const PATIENCE = { timeout: 30_000 };

/** A view on an emulated terminal over a real swarm, with what is known of commands while they are typed. */
const watch = async ({ paths, env, root }: Swarm) => {
  const replica = await openReplica({ paths, env, view: () => ({ columns: 100, color: false }), actor: 'tui' });
  const history = join(root, '..', 'history');
  let passed = 0;
  const view = openView([], {
    client: replica,
    follow: (id, sink) => followLog(`${paths.logs}/${id}`, sink, { size: { cols: 120, rows: 36 } }),
    hint: forecaster(replica, () => language, { settings }),
    complete: completer(replica, () => language),
    remember: historyWriter(history),
    now: () => Date.now() + passed,
  });
  const { screen } = view;
  const has = (text: string | RegExp): boolean =>
    typeof text === 'string' ? screen().includes(text) : text.test(screen());
  return {
    ...view,
    /** Lets the view's clock go on by so many milliseconds. */
    pass: (ms: number) => {
      passed += ms;
    },
    // A real swarm takes its time where many share the machine.
    see: (text: string | RegExp) =>
      vi.waitUntil(() => has(text), PATIENCE).catch(() => expect.fail(`not on the screen: ${text}\n${screen()}`)),
    gone: (text: string) => vi.waitUntil(() => !has(text), PATIENCE),
    remembered: () => readFileSync(history, 'utf8'),
    [Symbol.asyncDispose]: async () => {
      view.host.emit('SIGTERM');
      await view.done;
      replica.close();
    },
  };
};

test('[TUI-9] a crash stands as a banner of which one key runs the suggestion, and stopping all asks first', async () => {
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal', recovery: { tries: 0 } } });
  await using view = await watch(swarm);
  await view.see('No agent yet.');
  view.type('launch 2 instances agent=rehearsal\r');
  await view.see('○ 2 idle');
  await swarm.say('create task "rehearse: crash"');
  await swarm.say('run all ready tasks');
  await view.see(/✖ rehearsal-1 crashed.* Ctrl-G {2}restart instance rehearsal-1/);
  view.type('\u0007');
  await view.see('○ 2 idle');
  await view.gone('crashed: its program');

  view.type('stop all instances');
  await view.see(/stops 2 instances: rehearsal-1, rehearsal-2 {3}asks first/);
  view.type('\r');
  await view.see('Are you sure?');
  await view.see('• rehearsal-2');
  await view.see('[ No ]');
  await view.see('This stops 2 instances');
  view.pass(UNREAD_MS);
  view.type('\r');
  await view.see('not done: stop all instances');
  const states = async () => Object.values((await swarm.state()).instances).map(({ state }) => state.kind);
  expect(await states()).toEqual(['idle', 'idle']);
  view.type('stop all instances\r');
  await view.see('Are you sure?');
  view.pass(UNREAD_MS);
  view.type('y');
  await view.see(/✔ Stopped 2 instances/);
  expect(await states()).toEqual(['stopped', 'stopped']);
});

test('[AGT-5] questions of two agents are answered one by one in their dialogues, each by the agent that asked', async () => {
  await using swarm = await openSwarm();
  await using view = await watch(swarm);
  await swarm.say('launch 2 instances agent=rehearsal');
  await swarm.say('create task --title "First" --description "rehearse: ask Shall I use port 80?"');
  await swarm.say('create task --title "Second" --description "rehearse: ask Which name?"');
  await swarm.say('run all ready tasks');
  await view.see('? 2 waiting');
  const asks = async (question: string) =>
    Object.values((await swarm.state()).instances).find((one) => one.question === question)!.instance_id;
  const [port, name] = [await asks('Shall I use port 80?'), await asks('Which name?')];
  const late = await swarm.say(`answer ${port} since=2026-01-01T00:00:00.000Z "no"`);
  expect([late.exit, late.message]).toEqual([6, expect.stringContaining('asks something else by now')]);
  await view.panes();
  // Whose question is the older one comes first.
  view.type('n\r');
  await view.see(/\? rehearsal-\d asks · t\d/);
  view.type('\u001B');
  await view.gone(' asks · t');
  for (const [id, keys, said] of [
    [port, 'y\r', 'yes'],
    [name, 'Ada "the" first\r', 'Ada "the" first'],
  ] as const) {
    const rights = id === 'rehearsal-1' ? 'h' : 'l';
    view.type(rights);
    await view.see(`▶ ${id}`);
    view.type('r');
    await view.see(`? ${id} asks · t`);
    view.type(keys);
    await view.see(`✔ Sent "${said}" to ${id}`);
    await expect.poll(() => swarm.tmux('capture-pane', '-p', '-t', `=r-${id}:`)).toContain(`❯ ${said}`);
  }
  await swarm.say('stop all instances');
  await view.see('● daemon');
});

test('[TUI-2] pasted commands run after one question, the history is searched and written, words are completed', async () => {
  await using swarm = await openSwarm();
  await using view = await watch(swarm);
  await view.see('No agent yet.');
  view.type('\u001B[200~launch 1 instances agent=rehearsal\r\ncreate task "One"\r\nlist nothing at all\r\n\u001B[201~');
  await view.see('❯ launch 1 instances agent=rehearsal⏎create task "One"⏎list nothing at all');
  view.type('\r');
  await view.see('list nothing at all:');
  expect(Object.keys((await swarm.state()).instances)).toEqual([]);
  // The cursor stands at the fault, within the last line.
  view.type('\u0005\u0017\u0017\u0017\u0017status\r');
  await view.see('Run 3 commands?');
  view.type('y');
  await view.see('▶ rehearsal-1');
  await view.see('Tasks: 0 of 1 done');
  expect(Object.keys((await swarm.state()).tasks)).toEqual(['t1']);

  view.type('tell rehearsal-1 "a\u001B\rb"');
  await view.see('❯ tell rehearsal-1 "a⏎b"');
  view.type('\r');
  await vi.waitUntil(() => view.remembered().split('\n').length === 3, PATIENCE);
  view.type('\u0012sk "One');
  await view.see(/search "sk "One" ❯ launch 1 instances/);
  view.type('\u0007stop instance \t');
  await view.see('❯ stop instance rehearsal-1');
  view.type('\u0015show task \t');
  await view.see('❯ show task t1');
  await view.see('✔ shows t1');
});
