// A small program that shows a swarm without a daemon: run by the tests in a pseudo-terminal.
import { runTui } from '../../../src/tui/app/run-tui.ts';
import { terminalIo } from '../../../src/tui/app/terminal-io.ts';
import { created, fakeLogs, fakeSwarm, reply } from '../fake-swarm.ts';

const [, , agents = '0'] = process.argv;

// Says which keys reach it, until it is told to end.
const GUEST = `
process.stdin.setRawMode(true);
process.stdout.write('GUEST READY\\r\\n');
let got = '';
process.stdin.on('data', (keys) => {
  got += keys;
  process.stdout.write('got ' + JSON.stringify(got) + '\\r\\n');
  if (got.endsWith('.')) process.exit(0);
});`;

const swarm = fakeSwarm(Array.from({ length: Number(agents) }, (_, i) => created(i + 1)));
const logs = fakeLogs();
const launch = swarm.answer;
swarm.answer = async (text) => {
  if (text === 'crash')
    setImmediate(() => {
      throw new Error('a bug');
    });
  if (text === 'chatter') {
    let n = 0;
    setInterval(() => logs.print('rehearsal-1', `line ${n++} 世界 \u001B[3${n % 8}mcolour\u001B[m\r\n`), 10).unref();
    return reply({ message: 'chattering' });
  }
  return launch(text);
};
// While somebody else has the terminal no command can be typed.
process.on('SIGUSR2', () => {
  throw new Error('a bug');
});
const code = await runTui({
  client: swarm,
  repository: 'main-repo',
  follow: logs.follow,
  guest: (text) =>
    text.startsWith('attach')
      ? { argv: [process.execPath, '-e', GUEST], env: { PATH: process.env['PATH'] ?? '', TERM: 'xterm-256color' } }
      : null,
  hint: (text) => ({ kind: 'ok', says: `runs ${text}` }),
  complete: () => [{ word: 'launch', help: 'Start agents' }],
  io: terminalIo(),
});
process.stdout.write(`ended with ${code}\n`);
process.exit(code);
