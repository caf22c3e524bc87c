import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { limited, median, quantile, rounded, spread } from './figures.mjs';
import { inPackage, inSandbox, runToEnd } from './sandbox.mjs';

const LINE_BYTES = 200;

/** The same number of bare writes to the same disk, each waited for: what the disk itself takes. */
const diskAlone = (folder, count) => {
  const file = openSync(join(folder, 'disk'), 'a');
  const line = `${'x'.repeat(LINE_BYTES - 1)}\n`;
  const times = Array.from({ length: count }, () => {
    const started = performance.now();
    writeSync(file, line);
    fdatasyncSync(file);
    return performance.now() - started;
  });
  closeSync(file);
  return times;
};

const overSocket = async (box, text, count) => {
  const talk = await box.talk();
  const times = [];
  for (let i = 0; i < count; i += 1) {
    const started = performance.now();
    const reply = await talk.ask(text(i));
    times.push(performance.now() - started);
    if (reply.exit !== 0) throw new Error(`"${text(i)}" failed: ${reply.message}`);
  }
  return times;
};

const overShell = async ({ root, env }, count) => {
  const node = async (...args) => (await runToEnd(process.execPath, args, { cwd: root, env })).ms;
  const command = [inPackage('bin/drover.js'), 'tasks', 'list', '--limit', '5'];
  await node('-e', '0');
  await node(...command);
  const pairs = [];
  for (let i = 0; i < count; i += 1) {
    const bare = i % 2 === 0 ? await node('-e', '0') : undefined;
    const drover = await node(...command);
    pairs.push({ drover, bare: bare ?? (await node('-e', '0')) });
  }
  return pairs;
};

/** A command from the shell against a Node that does nothing, and over a connection that is open already. */
export const cli = {
  title: 'a command from the shell and over an open connection',
  measure: ({ quick }) =>
    inSandbox({}, async (box) => {
      await box.say('create task "Measured" id=t-1');
      for (let i = 2; i <= 20; i += 1) await box.say(`create task "Beside it ${i}"`);
      const pairs = await overShell(box, quick ? 5 : 25);
      const count = quick ? 50 : 400;
      const write = await overSocket(box, (i) => `set task t-1 priority=${i % 2 === 0 ? 'high' : 'low'}`, count);
      const read = await overSocket(box, () => 'list tasks limit=5', count);
      const disk = diskAlone(box.folder, count);
      return {
        limits: [
          limited('from the shell, against node -e 0', median(pairs.map((pair) => pair.drover / pair.bare)), 3, 'x'),
          limited('over an open connection, written to the disk, p95', quantile(write, 0.95), 10, 'ms'),
        ],
        figures: {
          shell_drover_ms: spread(
            pairs.map((pair) => pair.drover),
            1,
          ),
          shell_node_ms: spread(
            pairs.map((pair) => pair.bare),
            1,
          ),
          socket_write_ms: spread(write),
          socket_read_ms: spread(read),
          disk_alone_ms: spread(disk),
          write_against_disk_p50: rounded(quantile(write, 0.5) / quantile(disk, 0.5)),
        },
      };
    }),
};
