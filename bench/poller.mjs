// Watches panes as programs do that know no other way: asks tmux for each screen, twice a second, by a call each. Ends
// with its input; then says how old each line was when it was seen. `poller.mjs EVERY_MS stamps|silent PANE...`
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { makeStamps } from './stamps.mjs';

const [every, mode, ...panes] = process.argv.slice(2);
const run = promisify(execFile);
const stamps = makeStamps();

const capture = async (pane) => {
  const { stdout } = await run('tmux', ['-u', 'capture-pane', '-p', '-e', '-t', pane]);
  if (mode === 'stamps') stamps.look(pane, stdout.split('\n'));
};

let running = Promise.resolve();
const timer = setInterval(() => (running = Promise.all(panes.map(capture))), Number(every));
process.stdin.resume().on('end', async () => {
  clearInterval(timer);
  await running;
  process.stdout.write(JSON.stringify(stamps.ages), () => process.exit(0));
});
