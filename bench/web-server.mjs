import { execFileSync, spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { holdOpen, inPackage } from './sandbox.mjs';

const TOLD_MS = 60_000;

/** Resolves when it holds; rejects when it never does. */
export const until = async (holds, what) => {
  for (const deadline = performance.now() + TOLD_MS; !holds(); await pause(5))
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`);
};

/** `drover web` as a process of its own, and who is logged in there. */
const openServer = async (box) => {
  const argv = [inPackage('bin/drover.js'), 'web', '--port', '0', '--json'];
  const child = spawn(process.execPath, argv, { cwd: box.root, env: box.env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const close = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  const release = holdOpen({ close });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (more) => (text += more));
  await until(() => text.trimEnd().endsWith('}') || child.exitCode !== null, 'the server');
  const { url, link } = JSON.parse(text);
  const origin = url.slice(0, -1);
  const headers = { 'content-type': 'application/json', origin };
  const logIn = async (token) => {
    const login = { method: 'POST', headers, body: JSON.stringify({ token }) };
    const answer = await fetch(`${origin}/api/login`, login);
    const { csrf } = await answer.json();
    return { ...headers, cookie: answer.headers.get('set-cookie').split(';')[0], 'x-drover-csrf': csrf };
  };
  const session = await logIn(link.split('#once=')[1]);
  return {
    pid: child.pid,
    origin,
    session,
    /** Somebody else, who comes by a token of this name. */
    enter: async (name) => {
      const create = [inPackage('bin/drover.js'), 'web', 'token', 'create', name, '--role', 'viewer', '--json'];
      const made = execFileSync(process.execPath, create, { cwd: box.root, env: box.env, encoding: 'utf8' });
      return logIn(JSON.parse(made).token);
    },
    /** A page at its socket: `take` gets each frame with its length in bytes. */
    open: async (take, who = session) => {
      const page = new WebSocket(`${origin.replace('http', 'ws')}/api/events`, { headers: who });
      await new Promise((resolve, reject) => {
        page.once('error', reject);
        page.on('message', (data) => {
          take(JSON.parse(String(data)), data.length);
          resolve();
        });
      });
      return { say: (frame) => page.send(JSON.stringify(frame)), close: () => page.terminate() };
    },
    say: async (line) => {
      const said = await fetch(`${origin}/api/command`, {
        method: 'POST',
        headers: session,
        body: JSON.stringify({ line }),
      });
      return said.json();
    },
    close: async () => {
      await close();
      release();
    },
  };
};

/** Works with a server that ends with it. */
export const inServer = async (box, work) => {
  const server = await openServer(box);
  try {
    return await work(server);
  } finally {
    await server.close();
  }
};
