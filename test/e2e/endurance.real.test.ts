import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { daemonRepository } from '../helpers/daemon.ts';
import { BIN, openDrover } from './terminal.ts';

const PATIENCE = { timeout: 30_000 };

const openRepository = (settings: object = { agent: 'rehearsal' }) => {
  const repository = daemonRepository({ settings });
  const drover = (...argv: readonly string[]): string =>
    execFileSync(process.execPath, [BIN, ...argv], { cwd: repository.root, env: repository.env, encoding: 'utf8' });
  return { ...repository, drover };
};

/** The same numbers for the same seed, so that what failed once can be pressed again. */
const randomly = (seed: number) => {
  let state = seed;
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

// Keys that leave, stop the program or give the terminal away are tried one by one elsewhere.
const KEYS = [
  ...'bcdefghjklmnoprstuvwxyzVNOM0123456789/:?" -=.,é漢🐑',
  ...['\u001B', '\u001B[A', '\u001B[B', '\u001B[C', '\u001B[D', '\u001B[5~', '\u001B[6~', '\u001B[H', '\u001B[F'],
  ...['\t', '\u007F', '\u0015', '\u0017', '\u000B', '\u0001', '\u0005', '\u0012', '\u001Bb', '\u001B[3~'],
  ...['\u001B[200~stop all\nkill\u001B[201~', '\u001B[<0;30;10M', '\u001B[<64;5;5M'],
];
const SEED = 20_261_120;
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('a thousand random keys crash nothing, destroy nothing, and leave a view that takes commands', async () => {
  await using repository = openRepository();
  const { root, env, drover } = repository;
  drover('instances', 'launch', '--count', '3', '--agent', 'rehearsal');
  const before = drover('instances', 'list', '--json');
  const view = openDrover([], { cwd: root, env });
  await view.see('rehearsal-3');
  const next = randomly(SEED);
  for (let i = 0; i < 1000; i += 1) {
    const key = KEYS[next(KEYS.length)]!;
    view.type(key);
    // In bursts of several, as over a slow line.
    if (next(5) === 0) await turn();
  }
  // Out of whatever is open now, and behind all keys that are still on their way.
  let n = 0;
  await vi.waitUntil(
    () => {
      const screen = view.screen();
      if (screen.includes(`❯ mark${n}`)) return true;
      n += 1;
      view.type(screen.includes('keys go to') ? '\u001D' : `\u001B:\u0005\u0015mark${n}`);
      return false;
    },
    { ...PATIENCE, interval: 500 },
  );
  view.type('\u0005\u0015create task "Still here" id=still\r');
  await view.see(/Created still/);
  const ids = (text: string) => JSON.parse(text) as { instance_id: string; state: { kind: string } }[];
  const now = ids(drover('instances', 'list', '--json'));
  for (const { instance_id } of ids(before)) {
    const one = now.find((each) => each.instance_id === instance_id);
    expect([instance_id, one?.state.kind]).toEqual([instance_id, 'idle']);
  }
});

test('two views in storms of resizes end with the same picture as a third one that had none', async () => {
  await using repository = openRepository();
  const { root, env, drover } = repository;
  drover('instances', 'launch', '--count', '3', '--agent', 'rehearsal');
  const views = [0, 1].map(() => openDrover([], { cwd: root, env }));
  for (const view of views) await view.see('rehearsal-3');
  const next = randomly(SEED);
  for (let i = 0; i < 60; i += 1) {
    for (const view of views) view.resize(10 + next(220), 3 + next(70));
    if (i % 7 === 0) await turn();
  }
  for (const view of views) view.resize(120, 40);
  const calm = openDrover([], { cwd: root, env });
  await calm.see('rehearsal-3');
  // Ages go on meanwhile, and so does what each agent takes.
  const picture = (view: typeof calm): string =>
    view.screen().replaceAll(/\d+[smh] [━─]|[━─]+ (?:\d+% · )?(?:\d+ MB · )?(?=rehearsal)/gu, '');
  await vi
    .waitUntil(() => [...views, calm].every((view) => picture(view) === picture(calm)), PATIENCE)
    .catch(() => {
      for (const view of views) expect(picture(view)).toBe(picture(calm));
    });
});

const FLOOD = `#!/bin/sh
printf 'READY\\n'
read -r _
head -c 50000000 /dev/zero | tr '\\0' x | fold -w 100
printf 'THE END OF IT\\n'
exec cat
`;

test('while an agent prints 50 MB what is typed is seen, and at the end the screen shows the end', async () => {
  await using repository = openRepository({
    agents: { flood: { command: ['/bin/sh', 'flood.sh'], ready: 'READY' } },
  });
  const { root, env, drover, git } = repository;
  writeFileSync(join(root, 'flood.sh'), FLOOD);
  git('add', '-A');
  git('commit', '-q', '-m', 'flood');
  drover('instances', 'launch', '--count', '1', '--agent', 'flood');
  const view = openDrover([], { cwd: root, env });
  await view.see('READY');
  view.type('tell flood-1 "go"\r');
  await view.see('xxxxxxxxxxxxxxxxxxxx');
  let typed = '';
  for (const word of ['create ', 'task ', '"while ', 'it ', 'floods" ', 'id=flooded']) {
    typed += word;
    view.type(word);
    await view.see(typed.trimEnd());
  }
  view.type('\r');
  await view.see(/Created flooded/);
  await view.see('THE END OF IT');
});
