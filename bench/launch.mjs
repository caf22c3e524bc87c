import { mkdirSync, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import { limited, median, rounded } from './figures.mjs';
import { inPackage, inSandbox, runToEnd } from './sandbox.mjs';

const COUNT = 10;
const PATIENCE_MS = 60_000;

// What a person would write who does it by hand: no checks, no log, no marks, one after the other.
const BARE_LOOP = `set -e
i=1
while [ "$i" -le "$1" ]; do
  git worktree add -q -b "bare/$i" "$2/bare-$i"
  tmux -u new-session -d -s "bare-$i" -x 120 -y 36 -c "$2/bare-$i" -e DROVER_SPOOL="$3" -e DROVER_INSTANCE="bare-$i" \
    "$4" "$5" --name "bare-$i"
  i=$((i + 1))
done`;

/** Resolves when every agent has said that it is ready. */
const allReady = async (spool) => {
  const ready = () => readdirSync(spool).filter((name) => name.endsWith('.json')).length >= COUNT;
  const { promise, resolve, reject } = Promise.withResolvers();
  const watcher = watch(spool, () => ready() && resolve());
  const timer = setTimeout(() => reject(new Error('the agents of the bare loop did not get ready')), PATIENCE_MS);
  if (ready()) resolve();
  await promise.finally(() => {
    watcher.close();
    clearTimeout(timer);
  });
};

const bare = () =>
  inSandbox({}, async ({ root, env, folder }) => {
    const [trees, spool] = [join(folder, 'trees'), join(folder, 'spool')];
    for (const path of [trees, spool]) mkdirSync(path);
    const started = performance.now();
    const ready = allReady(spool);
    const agent = [process.execPath, inPackage('dist/rehearsal/main.js')];
    const loop = await runToEnd('sh', ['-c', BARE_LOOP, 'sh', String(COUNT), trees, spool, ...agent], {
      cwd: root,
      env,
    });
    if (loop.code !== 0) throw new Error(`the bare loop failed: ${loop.stderr}`);
    await ready;
    return { sessions_ms: loop.ms, ready_ms: performance.now() - started };
  });

const drover = () =>
  inSandbox({ settings: { agent: 'rehearsal', limits: { maxInstances: COUNT } } }, async (box) => {
    const talk = await box.talk();
    const before = (await box.say('status daemon')).data.processes_started;
    let sessions = 0;
    talk.onEvent((event) => {
      if (event.type === 'instance.started') sessions = performance.now();
    });
    const started = performance.now();
    const { ms } = await box.cli('launch', String(COUNT), 'instances', 'agent=rehearsal');
    const after = (await box.say('status daemon')).data.processes_started;
    return { sessions_ms: sessions - started, ready_ms: ms, processes: after - before };
  });

const ratios = (pairs, key) => median(pairs.map((pair) => pair.drover[key] / pair.bare[key]));
const middle = (pairs, side, key) => rounded(median(pairs.map((pair) => pair[side][key])), 0);

/** Launching through the program, from the shell to the answer, against the bare loop. */
export const launch = {
  title: `launching ${COUNT} instances against a loop of git worktree add and tmux new-session`,
  measure: async ({ quick }) => {
    const pairs = [];
    for (let i = 0; i < (quick ? 2 : 5); i += 1) {
      const first = i % 2 === 0 ? await drover() : await bare();
      const second = i % 2 === 0 ? await bare() : await drover();
      pairs.push(i % 2 === 0 ? { drover: first, bare: second } : { drover: second, bare: first });
    }
    const like = ratios(pairs, 'ready_ms');
    return {
      limits: [
        limited('until all agents are ready, command against loop', like, 2, 'x'),
        limited('until all sessions are there, command against loop', ratios(pairs, 'sessions_ms'), 2, 'x'),
      ],
      figures: {
        pairs: pairs.length,
        drover_sessions_ms: middle(pairs, 'drover', 'sessions_ms'),
        drover_ready_ms: middle(pairs, 'drover', 'ready_ms'),
        bare_sessions_ms: middle(pairs, 'bare', 'sessions_ms'),
        bare_ready_ms: middle(pairs, 'bare', 'ready_ms'),
        // Unlike things: the command waits for the agents, the loop does not.
        command_against_loop_that_waits_for_nobody: rounded(
          median(pairs.map((pair) => pair.drover.ready_ms / pair.bare.sessions_ms)),
        ),
        processes_per_instance: rounded(median(pairs.map((pair) => pair.drover.processes)) / COUNT, 1),
      },
    };
  },
};
