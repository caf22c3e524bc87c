import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Agent, agentNamed, home, runHooks } from './agents.ts';
import { choose, pressInDialog } from './dialogs.ts';
import { hearKeys, type Key } from './keys.ts';
import { argumentsOf, behaviour, engineOf } from './options.ts';
import { recorder } from './recorder.ts';
import { draw, say, view } from './screen.ts';
import { loadSession, newSession, saveSession, session } from './sessions.ts';
import { interrupt, isAtWork, steer, takeTurn } from './turn.ts';

/**
 * A program that behaves towards its terminal, its files and its hooks as Kiro CLI is known to: written from what is told of
 * that program, without any of its source. Its model is the scripted one of `test/models/anthropic.ts`.
 */

const HELP = `Usage: kiro-cli chat [OPTIONS] [INPUT]
      --agent <AGENT>
      --agent-engine <ENGINE>  [possible values: v1, v2, v3]
      --resume-id <ID>
      --trust-tools <TOOLS>
  -a, --trust-all-tools
`;

const [command, ...rest] = process.argv.slice(2);
if (command === '--version') {
  process.stdout.write('kiro-cli 2.21.4\n');
  process.exit(0);
}
if (command !== 'chat' || rest.includes('--help')) {
  process.stdout.write(HELP);
  process.exit(command === 'chat' || command === '--help' ? 0 : 1);
}
const parsed = argumentsOf(rest);
if (!parsed) {
  process.stderr.write("error: unexpected argument found\n\nFor more information, try '--help'.\n");
  process.exit(1);
}
const given = parsed;
if (!behaviour.loggedIn) {
  process.stdout.write('You are not logged in, please log in with kiro-cli login\r\n');
  process.exit(1);
}

view.engine = engineOf(given);
let agent: Agent = agentNamed(given.value('--agent'));

const leave = async (code: number): Promise<never> => {
  say(`\nSession ended.\nResume with: kiro-cli --resume-id ${session.id}`);
  await recorder.flushed();
  await pause(50);
  process.stdout.write('\u001B[?25h\u001B[?2004l\r\n');
  process.exit(code);
};

const COMPACTION_MS = 600;
const compact = async (): Promise<void> => {
  const status = (type: string): void =>
    recorder.notify('_kiro.dev/compaction/status', { sessionId: session.id, status: { type } });
  status('started');
  view.doing = 'Creating summary... · esc to cancel';
  draw();
  await pause(COMPACTION_MS);
  status('completed');
  view.doing = null;
  draw();
};

const start = async (prompt: string): Promise<void> => {
  if (await takeTurn(prompt, agent, given)) await leave(0);
};

const submit = async (text: string): Promise<void> => {
  if (text === '/quit') return leave(0);
  if (text === '/compact') return compact();
  if (text === '/chat new') return newSession(view.engine, agent.name);
  if (text.startsWith('/agent swap ')) {
    agent = agentNamed(text.slice('/agent swap '.length));
    Object.assign(view, { agent: agent.name });
    Object.assign(session, { agent: agent.name });
    return saveSession(view.engine);
  }
  if (isAtWork()) return steer(text);
  return start(text);
};

let entersLeft = behaviour.secondEnter ? 1 : 0;

const inBox = (key: Key): void => {
  if (typeof key === 'object') view.typed += key.text;
  if (key === 'Backspace') view.typed = view.typed.slice(0, -1);
  if (key === 'C-u') view.typed = '';
  if (key === 'Escape' && isAtWork()) interrupt();
  if (key === 'Enter' && view.typed.trim() !== '') {
    if (entersLeft > 0) entersLeft -= 1;
    else {
      const text = view.typed;
      view.typed = '';
      entersLeft = behaviour.secondEnter ? 1 : 0;
      void submit(text);
    }
  }
  draw();
};

const onKey = (key: Key): void => {
  // What is typed before it has begun is lost.
  if (view.boot !== null) return;
  if (view.dialog) pressInDialog(key);
  else inBox(key);
};

const isConfirmed = (): boolean => {
  const file = join(home, 'settings/cli.json');
  return existsSync(file) && readFileSync(file, 'utf8').includes('"chat.disableTrustAllConfirmation":true');
};

const ACCEPT = 'Yes, I accept';
const confirmTrust = async (): Promise<void> => {
  if (!(given.has('-a') || given.has('--trust-all-tools')) || isConfirmed()) return;
  const row = await choose({
    title: 'Kiro is running in trust all tools mode',
    body: ['It will use all tools without asking.'],
    rows: ['No, exit', ACCEPT, "Yes, and don't ask again"],
    foot: '↑↓ to move · Enter to select',
  });
  if (row === null || row === 'No, exit') await leave(0);
};

const boot = async (): Promise<void> => {
  view.boot = 'Initializing · type to queue a message';
  draw();
  const id = recorder.request('initialize', { clientInfo: { name: 'kiro-tui', version: '2.21.4' } });
  recorder.result(id, { protocolVersion: 1 });
  if (view.engine === 'v3')
    recorder.result(recorder.request('_kiro/auth/getAccessToken', {}), { accessToken: 'SECRET-ACCESS-TOKEN' });
  await pause(behaviour.bootMs);
  const wanted = given.value('--resume-id');
  // The other engine's ids mean nothing to this one.
  if (wanted !== undefined && loadSession(view.engine, wanted)) agent = agentNamed(session.agent);
  else newSession(view.engine, agent.name);
  if (behaviour.spawns) await runHooks(agent, 'agentSpawn', { session_id: session.id });
  Object.assign(view, { boot: null, agent: agent.name });
  draw();
};

process.on('SIGHUP', () => process.exit(0));
process.stdout.on('resize', draw);
process.stdout.write('\u001B[2J');
hearKeys(onKey);
await confirmTrust();
await boot();
if (given.prompt !== undefined) await start(given.prompt);
