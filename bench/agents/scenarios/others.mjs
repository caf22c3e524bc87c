import pty from '@lydell/node-pty';
import { childrenOf } from '../../processes-of.mjs';
import { until } from '../stage.mjs';

/** The scenarios of programs that are not Claude Code, as far as each of them can do what they need. */
const COMMIT = '%%bash git add -A && git commit -qm made';
const asks = { reads: { asks: ['Bash'] } };
const aside = Array.from({ length: 200 }, (_, i) => `Line ${i + 1} of the brief: "quoted", naïve — 数 ✓`).join('\n');

const told =
  (script, { calls = 1, ms = 700 } = {}) =>
  async (stage) => {
    await stage.tell(script);
    await stage.quiet({ calls, ms });
    await stage.rest(1500);
  };

const byTask = (description) => async (stage) => {
  await stage.drover('create', 'task', 'Make a file', 'id=t1', `description=${description}`);
  await stage.drover('run', 'task', 't1');
  await stage.quiet({ calls: 3 });
  await stage.rest(1500);
  return { task: stage.follower.replica.state.tasks.t1.state };
};

const atWork = async (stage) => {
  await stage.tell('%%slow 100 100');
  await stage.call();
  await stage.rest(1500);
};

/** It asks to make a branch; then the rest of the scenario has its way. */
const asked = (program, rest) => ({
  // Where it takes its time to ask what the model wants, that is seen on its screen.
  ...(program.dialog ? {} : asks),
  run: async (stage) => {
    const from = Date.now();
    const seen = program.dialog && stage.sees(program.dialog, from).then((at) => stage.fact('asks', at));
    await stage.tell(`%%${program.asking} ${stage.marked('go', 'git branch other; sleep 1.5')} %%say done`);
    await stage.call();
    await seen;
    await stage.rest(2500);
    await rest(stage);
  },
});

const press = async (stage, keys) => {
  for (const key of keys) {
    stage.keys(key);
    if (keys.length > 1) await stage.rest(300);
  }
};

const BRIEFS = 20;
const BRIEFS_MS = 240_000;

/** How often each of many briefs arrived. */
const briefs = async (stage) => {
  const ids = Array.from({ length: BRIEFS }, (_, i) => `b${i + 1}`);
  for (const id of ids)
    await stage.follower.replica.run(`create task "Brief ${id}" id=${id} description="%%say ${id} is done"`, {});
  await stage.follower.replica.run('run all tasks', { yes: true });
  const isOver = () =>
    stage.model.calls.filter(({ kind, ended }) => kind === 'main' && ended !== null).length >= BRIEFS;
  await until('all briefs', isOver, BRIEFS_MS);
  // One that comes twice would come now.
  await stage.rest(5000);
  const first = stage.model.calls.filter(({ kind, step }) => kind === 'main' && step === 0);
  const count = (id) => first.filter(({ prompt }) => prompt.startsWith(`Task ${id}:`)).length;
  return { once: ids.filter((id) => count(id) === 1).length, of: BRIEFS, calls: first.length };
};

/** The program itself: some are started by another one that only waits for them. */
const strike = (stage, program, signal) => {
  const pid = stage.pid();
  process.kill((program.starter && childrenOf(pid)[0]) || pid, signal);
};

const struck = (program, signal) => async (stage) => {
  await atWork(stage);
  strike(stage, program, signal);
  await stage.rest(2500);
};

const turns = {
  'plain answer': told('%%say hello there'),
  'edits and commits': byTask(`%%write made.txt hi ${COMMIT} %%say all done`),
  'long thinking': told('%%sleep 4000'),
  'slow stream': told('%%slow 120 40'),
  'brief of 200 lines': byTask(`%%write made.txt hi ${COMMIT} %%say all done\n## Aside\n${aside}`),
  'non-ASCII brief': byTask(`%%write made.txt häß–数✓ ${COMMIT} %%say fertig — 完了 ✓`),
  // What counts here is that each of them arrives, not how it looks meanwhile.
  'twenty briefs': { judged: false, run: briefs },
};

const questions = (program) => ({
  'permission granted': asked(program, async (stage) => {
    await stage.drover('approve', stage.id);
    stage.fact('works', await stage.mark('go'));
    await stage.quiet({ calls: 2 });
    await stage.rest(1000);
  }),
  'granted in its terminal': asked(program, async (stage) => {
    stage.keys('Enter');
    stage.fact('works', await stage.mark('go'));
    await stage.quiet({ calls: 2 });
    await stage.rest(1000);
  }),
  'permission refused': asked(program, async (stage) => {
    const from = Date.now();
    // Those that end their turn when they are refused something say so, and are then told what was refused.
    const rested = (at) => {
      stage.fact('rests', at);
      // The model is told the whole conversation, of which it may do the same again.
      if (program.dialog) void stage.sees(program.dialog, at).then((again) => stage.fact('asks', again));
    };
    const ended = program.refused && stage.sees(program.refused, from).then(rested);
    await stage.drover('deny', stage.id);
    await stage.quiet({ calls: 2 });
    await ended;
    await stage.rest(1500);
  }),
});

const troubles = (program) => ({
  [program.patient ? '429 tried again' : '429 ends it']: program.patient
    ? told('%%error 429 1 %%slow 100 10', { calls: 2 })
    : { reads: { limit: true }, run: told('%%error 429', { ms: 2500 }) },
  ...(program.limited
    ? { 'limit of the account': { reads: { limit: true }, run: told('%%error 429', { ms: 2500 }) } }
    : {}),
  '500 tried again': told('%%error 500 1 %%slow 100 10', { calls: 2 }),
  ...(program.stubborn ? {} : { '400 ends it': told('%%error 400', { ms: 2500 }) }),
  ...(program.drops ? { 'network cut': told('%%drop', { calls: program.drops, ms: 8000 }) } : {}),
  'daemon down during the turn': async (stage) => {
    await stage.tell('%%slow 100 30');
    await stage.call();
    await stage.rest(500);
    await stage.drover('stop', 'daemon');
    await stage.quiet();
    await stage.drover('status');
    await stage.rest(2000);
  },
});

const persons = (program) => ({
  interrupt: async (stage) => {
    await atWork(stage);
    await press(stage, program.interrupt);
    stage.fact('rests');
    await stage.rest(2500);
  },
  'typing by tmux attach': async (stage) => {
    const argv = ['-u', 'attach-session', '-t', `=${stage.session}`];
    const client = pty.spawn('tmux', argv, { cols: 100, rows: 30, env: { ...stage.box.env, TERM: 'xterm-256color' } });
    await stage.rest(800);
    for (const letter of '%%slow 100 20') {
      client.write(letter);
      await stage.rest(30);
    }
    await stage.rest(500);
    client.write('\r');
    await stage.quiet();
    client.write('\u0002d');
    await stage.rest(1000);
    client.kill();
  },
});

const ends = (program) => ({
  'crash (SIGSEGV)': struck(program, 'SIGSEGV'),
  'kill -9': struck(program, 'SIGKILL'),
  [program.leave]: {
    ends: 'stopped',
    run: async (stage) => {
      stage.type(program.leave);
      await stage.shows(program.leave);
      await stage.rest(500);
      stage.keys('Enter');
      await stage.rest(3000);
    },
  },
  'resume after a kill': {
    run: async (stage) => {
      await stage.tell('%%say before');
      await stage.quiet({ ms: 1000 });
      strike(stage, program, 'SIGKILL');
      await stage.says('failed');
      await stage.drover('restart', stage.id);
      await stage.ready(2);
      await stage.rest(500);
      await stage.tell('%%say after');
      await stage.quiet({ calls: 2 });
      await stage.rest(1000);
    },
  },
});

/** All scenarios of such a program, in the order in which they are played. */
export const scenariosOf = (program) =>
  [turns, questions(program), troubles(program), persons(program), ends(program)]
    .flatMap((group) => Object.entries(group))
    .map(([name, what]) => ({ name, ...(typeof what === 'function' ? { run: what } : what) }));
