import { expect, test, vi } from 'vitest';
import { openReplica } from '../../../src/client/replica.ts';
import { shadesOf } from '../../../src/lib/palette.ts';
import { followLog } from '../../../src/logs/follow.ts';
import { hintFor } from '../../../src/protocol/hint.ts';
import { USUAL } from '../../../src/tui/theme/background.ts';
import { makeReadable } from '../../../src/tui/theme/contrast.ts';
import { language } from '../../fixtures/signatures.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { openView } from '../open-view.ts';

/** A view on an emulated terminal over a real swarm. */
const watch = async ({ paths, env }: Swarm) => {
  const replica = await openReplica({ paths, env, view: () => ({ columns: 100, color: false }), actor: 'tui' });
  const view = openView([], {
    client: replica,
    follow: (id, sink) => followLog(`${paths.logs}/${id}`, sink, { size: { cols: 120, rows: 36 } }),
    hint: (text) => hintFor(text, language),
    now: Date.now,
  });
  return {
    ...view,
    [Symbol.asyncDispose]: async () => {
      view.host.emit('SIGTERM');
      await view.done;
      replica.close();
    },
  };
};

test('[TUI-1] three rehearsal agents have three panes with their names, states, tasks, branches and last output', async () => {
  await using swarm = await openSwarm({ env: { DROVER_REHEARSAL_TASK_MS: '300000' } });
  await using view = await watch(swarm);
  await view.see('No agent yet.');
  view.type('launch 3 instances agent=rehearsal\r');
  for (const n of [1, 2, 3]) await view.see(`rehearsal-${n}`);
  await view.see('○ 3 idle');
  await swarm.say('create task "Parse the lines"');
  view.type('run all ready tasks\r');
  await view.see('● 1 working  ○ 2 idle');
  await view.see(/t1 Parse the lines.*▱ \d+%/);
  await view.see('⎇ feature/t1-parse-the-lines');
  await view.see('reading the brief');
  await view.see('tasks  ● 1 running');
});

test('[TUI-2] a scale command adds a pane, a mistyped word is corrected while it is typed', async () => {
  await using swarm = await openSwarm();
  await using view = await watch(swarm);
  await view.see('No agent yet.');
  view.type('rnu');
  await view.see(/✖ .*rnu.*did you mean: run/i);
  view.type('\u0015scale up instances 1');
  await view.see('✔ scale up instances 1');
  view.type('\r');
  await view.see(/▶ rehearsal-1 .*○ idle/);
  view.type('\u001B[A');
  await view.see('❯ scale up instances 1');
});

test('[TUI-8] leaving ends nothing, and a view that comes later or stands beside it shows the same', async () => {
  await using swarm = await openSwarm({ env: { DROVER_REHEARSAL_TASK_MS: '300000' } });
  await using first = await watch(swarm);
  await using beside = await watch(swarm);
  for (const title of ['One', 'Two']) await swarm.say(`create task "${title}"`);
  first.type('launch 2 instances agent=rehearsal\r');
  await first.see('○ 2 idle');
  first.type('run all ready tasks\r');
  for (const view of [first, beside]) {
    await view.see('● 2 working');
    await view.see('t1 One');
    await view.see('t2 Two');
  }
  const panes = (screen: string) => screen.match(/rehearsal-\d|● working|t\d \w+|⎇ \S+/gu);
  await vi.waitUntil(() => panes(first.screen())?.join() === panes(beside.screen())?.join());
  await first.panes();
  first.type('q');
  expect(await first.done).toBe(0);
  await using after = await watch(swarm);
  await after.see('● 2 working');
  await vi.waitUntil(() => panes(after.screen())?.join() === panes(beside.screen())?.join());
  expect(swarm.tmux('list-sessions', '-F', '#{session_name}').split('\n')).toHaveLength(2);
});

test('a swarm that was shut down from elsewhere is shown as stopped, and is not started again by looking at it', async () => {
  await using swarm = await openSwarm();
  await using view = await watch(swarm);
  await view.see('● daemon');
  await swarm.close();
  await view.see('○ daemon stopped: a command starts it again');
  await swarm.reopen();
  await view.see('● daemon');
});

test('[COL-1] twelve instances have twelve colours, and the same ones after a restart of the daemon', async () => {
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal', limits: { maxInstances: 12 } } });
  const launched = await swarm.say('launch 12 instances agent=rehearsal');
  expect(launched.exit).toBe(0);
  const themes = async () => Object.values((await swarm.state()).instances).map((one) => one.peacock_theme);
  const before = await themes();
  expect(new Set(before.map((theme) => theme.primary_color)).size).toBe(12);
  for (const theme of before) {
    expect(Object.keys(theme).toSorted()).toEqual(['accent_color', 'color_name', 'primary_color', 'theme_id']);
    expect(theme.primary_color).toMatch(/^#[\da-f]{6}$/i);
  }
  await swarm.reopen();
  expect(await themes()).toEqual(before);
});

test('[COL-3] an agent has its colour in its pane and its status line, and a crashed one a glyph and a word', async () => {
  await using swarm = await openSwarm({ settings: { agent: 'rehearsal', recovery: { tries: 0 } } });
  await using view = await watch(swarm);
  view.type('launch 2 instances agent=rehearsal\r');
  await view.see('○ 2 idle');
  for (const instance of Object.values((await swarm.state()).instances)) {
    const colour = instance.peacock_theme.primary_color;
    expect(swarm.tmux('show-options', '-t', `=${instance.session}:`, 'status-style')).toContain(colour);
    // The variant of it that can be read on this terminal's background.
    const { onDark } = shadesOf(Number.parseInt(colour.slice(1), 16))!;
    const shown = makeReadable(onDark, USUAL.dark, 4.5);
    const [red, green, blue] = [shown >> 16, (shown >> 8) & 255, shown & 255];
    expect(view.tty.written.join('')).toContain(`38;2;${red};${green};${blue}m`);
  }
  await swarm.say('create task "rehearse: crash"');
  await swarm.say('run all ready tasks');
  await view.see(/rehearsal-1 .*✖ failed/);
  await view.see(/✖ 1 failed {2}○ 1 idle/);
  await view.see(/✖ rehearsal-1 crashed.*restart instance rehearsal-1/);
  const rows = (await swarm.say('list instances')).text.split('\n');
  expect(rows.find((row) => row.includes('rehearsal-1'))).toContain('✖');
  view.type('\u0007');
  await view.see('○ 2 idle');
  await view.gone('crashed: its program');
});
