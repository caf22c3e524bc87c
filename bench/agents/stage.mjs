import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { sandboxOf } from '../../src/lib/paths.ts';
import { runs } from '../processes-of.mjs';
import { holdOpen, inPackage, inSandbox } from '../sandbox.mjs';
import { openFollower } from './follow.mjs';
import { openEye, watchProcess } from './sources.mjs';
import { callFacts, foldFacts, signFacts } from './truth.mjs';

const PROGRAMS = inPackage('node_modules/.cache/drover-agents/node_modules/.bin');
const PATIENCE_MS = 30_000;

/** Waits until something is so, and gives it. */
export const until = async (what, holds, ms = PATIENCE_MS) => {
  for (const end = performance.now() + ms; ; await pause(10)) {
    const value = await holds();
    if (value) return value;
    if (performance.now() > end) throw new Error(`never came: ${what}`);
  }
};

/** The hand of the scenario on one instance: what it does, and the facts that it knows because it did it. */
const makeStage = ({ box, home, program, model, follower, facts, eye, watched, id, session }) => {
  const fact = (kind, at = Date.now(), more = {}) => void facts.push({ at, kind, ...more });
  const keys = (...list) => box.tmux('send-keys', '-t', `=${session}:`, ...list);
  const screen = () => box.tmux('capture-pane', '-p', '-t', `=${session}:`);
  const mains = () => model.calls.filter(({ kind }) => kind === 'main');
  return {
    ...{ box, model, id, session, follower, facts, fact, keys, screen },
    /** Says a command by the built `drover`, as a person in a shell does. */
    drover: (...args) => box.cli(...args),
    /** Resolves when its input box was there, at the first or a later start. */
    ready: (starts = 1) =>
      until('its input box', () => facts.filter((one) => one.kind === 'ready').length >= starts, program.patience),
    /** Resolves with the moment at which such words were printed in its pane, as our own eye saw them. */
    sees: async (words, from = 0) => {
      await until('its start', () => facts.some((one) => one.kind === 'begun'));
      return within(`printed: ${words}`, eye.open().see(words, from));
    },
    /** What it wrote down of its conversation itself, with `at` in milliseconds since 1970. */
    transcript: () => transcriptIn(join(home, program.transcripts)),
    type: (text) => keys('-l', '--', text),
    shows: (text) => until(`on the screen: ${text}`, () => screen().includes(text)),
    tell: (text) => box.cli('tell', id, text),
    /** The n-th call of the agent itself to its model that is like this. */
    call: (like = () => true, n = 1) => until('a call to the model', () => mains().filter(like)[n - 1]),
    /** All calls are answered, so many of them, and nothing came for a while. */
    quiet: async ({ calls = 1, ms = 700 } = {}) => {
      await until(`${calls} answered calls`, () => mains().filter(({ ended }) => ended !== null).length >= calls);
      await until('quiet', () => {
        const last = model.calls.at(-1);
        return model.calls.every(({ ended }) => ended !== null) && Date.now() - last.ended > ms;
      });
    },
    /** Drover says so: only to go on from there, never to know what is true. */
    says: (kind) => until(`Drover says ${kind}`, () => follower.instance()?.state.kind === kind),
    /** The id of the program itself, which a shell in the pane waits for. */
    pid: () => watched().pid(),
    /** A command that leaves a mark with the moment at which it began to run. It asks for a permission. */
    marked: (name, command) => `date +%s%N > ${box.folder}/${name}.mark; ${command}`,
    mark: async (name) => {
      const read = () => {
        try {
          return Number(readFileSync(join(home, `${name}.mark`), 'utf8')) / 1e6;
        } catch {
          return 0;
        }
      };
      return until(`the mark ${name}`, read);
    },
    rest: (ms) => pause(ms),
  };
};

const within = async (what, promise, ms = PATIENCE_MS) => {
  const timer = new AbortController();
  const late = pause(ms, undefined, { signal: timer.signal }).then(
    () => Promise.reject(new Error(`never came: ${what}`)),
    () => undefined,
  );
  try {
    return await Promise.race([promise, late]);
  } finally {
    timer.abort();
  }
};

/** One eye, opened when it is first needed: the session has to be there. */
const lazyEye = (box, session) => {
  let eye;
  const before = [];
  return {
    open: () => {
      eye ??= openEye(box, session);
      return eye;
    },
    reopen: () => {
      eye?.close();
      before.push(...(eye?.printed ?? []));
      eye = openEye(box, session);
      return eye;
    },
    close: () => eye?.close(),
    printed: () => eye?.printed.slice(-30),
    /** When such words were printed at once, over all its sessions. */
    times: (words) => [...before, ...(eye?.printed ?? [])].flatMap(({ at, text }) => (words.test(text) ? [at] : [])),
  };
};

/** The lines of all conversations below a folder, by their time stamps. */
const transcriptIn = (folder) =>
  (existsSync(folder) ? readdirSync(folder, { recursive: true }) : [])
    .filter((name) => name.endsWith('.jsonl'))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean))
    .map((text) => JSON.parse(text))
    .flatMap((one) => (one.timestamp ? [{ ...one, at: Date.parse(one.timestamp) }] : []))
    .toSorted((a, b) => a.at - b.at);

const writeHome = (box, files) => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(box.folder, path)), { recursive: true });
    writeFileSync(join(box.folder, path), text);
  }
};

/** How it is shut in. The model is on this machine, and so none whom a list of hosts could lead to. */
const shutInBy = (mode) => (mode === 'off' ? {} : { sandbox: { mode, need: 'required', network: 'on' } });

/** Plays a scenario with the real program, in a sandbox if so; gives what Drover said of it and what was true. */
export const play = async (program, scenario, sandbox = 'off') => {
  const { home = {}, settings = {}, files, reads = {} } = scenario;
  const model = await program.openModel();
  const release = holdOpen({ close: () => model[Symbol.asyncDispose]() });
  const env = {
    ...program.env(model, home),
    PATH: `${program.install?.() ?? PROGRAMS}:${dirname(process.execPath)}:${process.env.PATH}`,
    ...home.env,
  };
  const options = {
    settings: { agent: program.agent, ...shutInBy(sandbox), ...settings },
    env,
    files: { 'README.md': 'a\n', ...files },
  };
  try {
    return await inSandbox(options, async (box) => {
      writeHome(box, { ...program.files(box.root, home, model), ...home.files });
      const id = `${program.agent}-1`;
      const session = `repo-${id}`;
      // One that is shut in has a home of its own in the place of its person's.
      const ownHome = sandbox === 'off' ? box.folder : sandboxOf(box.paths, id).home;
      const facts = [];
      const follower = await openFollower(box, id);
      const eye = lazyEye(box, session);
      const pid = () => follower.instance()?.pid;
      const looked = { shellOf: pid, name: program.process, howEnded: () => scenario.ends ?? 'failed' };
      const watched = watchProcess(looked, (one) => {
        facts.push(one);
        if (one.kind !== 'begun') return;
        // Each start is a new look: the session may be another one.
        const seen = eye.reopen().see(program.box, one.at);
        if (scenario.ready !== false) void seen.then((at) => facts.push({ at, kind: 'ready' }));
      });
      const stage = makeStage({
        box,
        home: ownHome,
        program,
        model,
        follower,
        facts,
        eye,
        watched: () => watched,
        id,
        session,
      });
      try {
        if (scenario.launch !== false) {
          const launched = stage.drover('launch', program.agent);
          launched.catch(() => undefined);
          await until('its program', pid);
          if (scenario.ready !== false) await stage.ready();
          if (scenario.ready !== false) await launched;
          if (scenario.ready !== false) await pause(500);
        }
        const found = (await scenario.run(stage)) ?? {};
        const written = stage.transcript().flatMap((one) => {
          const kind = program.factOf(one);
          return kind ? [{ at: one.at, kind }] : [];
        });
        const worked = signFacts(program.works ? eye.times(program.works) : [], model.calls);
        const truth = foldFacts([...facts, ...written, ...worked, ...callFacts(model.calls, reads)]);
        const { samples, changes } = follower;
        return { samples: [...samples], changes: [...changes], truth, found, calls: [...model.calls] };
      } catch (error) {
        error.told = {
          changes: follower.changes,
          facts,
          printed: eye.printed(),
          calls: model.calls,
          screen: tried(stage.screen),
        };
        throw error;
      } finally {
        const daemon = follower.replica.state.swarm.daemon?.pid;
        watched.close();
        eye.close();
        follower.close();
        // A program that is told to leave would write its last words into a home that is gone by then.
        await endAll([watched.pid()], 'SIGKILL');
        await endAll([daemon], 'SIGTERM');
      }
    });
  } finally {
    release();
    await model[Symbol.asyncDispose]();
  }
};

/** Ends processes, and waits until they have. */
const endAll = async (pids, signal) => {
  for (const pid of pids.filter(Boolean)) {
    tried(() => process.kill(pid, signal));
    await until(`the end of ${pid}`, () => !runs(pid));
  }
};

const tried = (work) => {
  try {
    return work();
  } catch {
    return '';
  }
};
