import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { claude as adapter } from '../src/agents/claude.ts';
import { claude } from './agents/claude.mjs';
import { limited, median, rounded, spread } from './figures.mjs';
import { hookEnv, restingAgents } from './hook-calls.mjs';
import { holdOpen, inPackage, inSandbox } from './sandbox.mjs';

const PROGRAMS = inPackage('node_modules/.cache/drover-agents/node_modules/.bin');
const TOOLS = 6;
/** What a quick model needs for an answer. One that needs no time at all is measured as well, and told without a limit. */
const THINKS_MS = 400;

/** A turn with several tools, of which none has to be asked for. */
const prompt = (n) =>
  `${Array.from({ length: TOOLS }, (_, i) => `%%bash git log -1 --format=${n}.${i}`).join(' ')} %%say done ${n}`;

/** The settings that Drover starts Claude Code with, and the same without its hooks. */
const settingsIn = (box) => {
  const none = () => '';
  const options = { home: box.folder, hook: inPackage('assets/hook.sh'), uuid: '0', sha256: none };
  const [{ content }] = adapter.launch(options).files;
  const { hooks, ...rest } = JSON.parse(content);
  const write = (name, value) => {
    const file = join(box.folder, name);
    writeFileSync(file, JSON.stringify(value));
    return file;
  };
  return { with_hooks: write('with.json', { ...rest, hooks }), without: write('without.json', rest) };
};

/** The model behind so many milliseconds for each answer. */
const openSlow = async (model, ms) => {
  const server = createServer((request, response) => {
    const onward = httpRequest(
      new URL(request.url, model.url),
      { method: request.method, headers: request.headers },
      (answer) => {
        response.writeHead(answer.statusCode, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    setTimeout(() => request.pipe(onward), ms);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async () => {
    server.closeAllConnections();
    server.close();
  };
  const release = holdOpen({ close });
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: async () => {
      await close();
      release();
    },
  };
};

/** One Claude Code that takes prompts as lines of JSON: no keys and no screen stand between it and the clock. */
const openAgent = (box, settings, model) => {
  const args = ['-p', '--input-format', 'stream-json', '--output-format', 'stream-json', '--verbose'];
  const child = spawn(join(PROGRAMS, 'claude'), [...args, '--permission-mode', 'acceptEdits', '--settings', settings], {
    cwd: box.root,
    env: { ...box.env, ...claude.env(model, {}), ...hookEnv(box, 'rehearsal-1') },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const close = async () => {
    child.stdin.end();
    child.kill();
    await ended;
  };
  const release = holdOpen({ close });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    /** Milliseconds from a prompt to its result. */
    turn: async (text) => {
      const started = performance.now();
      child.stdin.write(`${JSON.stringify({ type: 'user', message: { role: 'user', content: text } })}\n`);
      for (;;) {
        const { value, done } = await lines.next();
        if (done) throw new Error('Claude Code ended');
        const { type, is_error, num_turns } = JSON.parse(value);
        if (type !== 'result') continue;
        if (is_error || num_turns <= TOOLS) throw new Error(`the turn went wrong: ${value.slice(0, 300)}`);
        return performance.now() - started;
      }
    },
    close: async () => {
      await close();
      release();
    },
  };
};

/** Turns with and without hooks, in pairs, each time the other one first. */
const compare = async (agents, rounds) => {
  const taken = { with_hooks: [], without: [] };
  for (const agent of Object.values(agents)) await agent.turn(prompt('warm'));
  for (let n = 0; n < rounds; n += 1) {
    const names = Object.keys(agents);
    for (const name of n % 2 === 0 ? names : names.toReversed()) taken[name].push(await agents[name].turn(prompt(n)));
  }
  return taken;
};

/** Turns with both settings on a model that needs so long for an answer. */
const measureOn = async (box, model, { thinks, rounds }) => {
  const settings = settingsIn(box);
  const slow = await openSlow(model, thinks);
  const agents = Object.fromEntries(Object.keys(settings).map((name) => [name, openAgent(box, settings[name], slow)]));
  const taken = await compare(agents, rounds);
  for (const agent of Object.values(agents)) await agent.close();
  await slow.close();
  const paired = (of) => taken.with_hooks.map((ms, i) => of(ms, taken.without[i]));
  const ratios = paired((ms, without) => ms / without);
  return {
    ratio: median(ratios),
    figures: {
      ...{ with_hooks_ms: spread(taken.with_hooks, 0), without_ms: spread(taken.without, 0), ratios: spread(ratios) },
      added_ms: rounded(median(paired((ms, without) => ms - without)), 1),
    },
  };
};

/** How much longer a turn of the real Claude Code takes with the hooks, while the daemon takes what they leave. */
export const turn = {
  title: `turns of the real Claude Code with ${TOOLS} tools on a scripted model, with and without hooks`,
  measure: async ({ quick }) => {
    if (!existsSync(join(PROGRAMS, 'claude'))) throw new Error('it is not installed: npm run agents -- claude');
    const model = await claude.openModel();
    const release = holdOpen({ close: () => model[Symbol.asyncDispose]() });
    try {
      return await inSandbox({ settings: restingAgents(1), files: { 'README.md': 'rests\n' } }, async (box) => {
        await box.say('launch rehearsal');
        for (const [path, text] of Object.entries(claude.files(box.root, {}))) {
          mkdirSync(dirname(join(box.folder, path)), { recursive: true });
          writeFileSync(join(box.folder, path), text);
        }
        const rounds = quick ? 3 : 20;
        const thinking = await measureOn(box, model, { thinks: THINKS_MS, rounds });
        const at_once = await measureOn(box, model, { thinks: 0, rounds });
        return {
          limits: [limited(`a turn with hooks, where an answer takes ${THINKS_MS} ms`, thinking.ratio, 1.05, 'x')],
          figures: { thinking: thinking.figures, at_once: at_once.figures },
        };
      });
    } finally {
      release();
      await model[Symbol.asyncDispose]();
    }
  },
};
