// A disk that is full to the last byte again and again under clients that change things: `npm run bench:full [-- --seed S]`.
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { seededNumber } from '../src/rehearsal/seeded-number.ts';
import { realDisk } from '../src/state/store/disk.ts';
import { readEvents } from '../src/state/store/history.ts';
import { checkHeard, checkJournal, checkThings } from './chaos/check.ts';
import { daemonsOf, signal } from './chaos/processes.mjs';
import { openFollower, openTalker } from './chaos/talkers.mjs';
import { limited, spread } from './figures.mjs';
import { runs } from './processes-of.mjs';
import { runBench } from './run.mjs';
import { holdOpen, inPackage, inSandbox, runToEnd } from './sandbox.mjs';
import { onSmallDisk, openFiller } from './small-disk.mjs';

const MB = 128;
const COMMANDS = 1000;
const CLIENTS = 4;
const AGENT = 'rehearsal-1';
/** What the daemon keeps for a full disk when it has all of it: src/files/ballast.ts. */
const BALLAST_BYTES = 8 * 1024 * 1024;
const CLI = inPackage('bin/drover.js');
const PATIENCE_MS = 60_000;

/** What is said while the disk is full, and whether the daemon is killed before: then one has to start on the full disk. */
const PHASES = [
  { said: ['do', `stop ${AGENT}`, '--yes'], kills: false },
  { said: ['do', `stop ${AGENT} force`, '--yes'], kills: false },
  { said: ['daemon', 'stop'], kills: false },
  { said: ['do', `stop ${AGENT}`, '--yes'], kills: true },
  { said: ['do', 'stop all instances force', '--yes'], kills: true },
];

const until = async (what, holds) => {
  for (const deadline = performance.now() + PATIENCE_MS; !(await holds()); await pause(50))
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`);
};

const killDaemon = async ({ root, paths }) => {
  const pids = daemonsOf(root);
  // After many deaths in a row the next start is put off on purpose: that is not what is looked at.
  rmSync(paths.lives, { force: true });
  for (const pid of pids) signal(pid, 'SIGKILL');
  // Its threads hold its socket for a moment longer than it is seen to run.
  await until('the end of the daemon', () => !pids.some(runs));
};

/** Runs `drover`; gives what came of it. */
const drover = async ({ root, env }, argv) => {
  const { code, stderr, ms } = await runToEnd(process.execPath, [CLI, ...argv], { cwd: root, env });
  return { said: argv.join(' '), exit: code, ms: Math.round(ms), ...(code === 0 ? {} : { stderr: stderr.trim() }) };
};

const hasBallast = ({ paths }) => statSync(paths.ballast, { throwIfNoEntry: false })?.size === BALLAST_BYTES;

/** The agents run again, and the one that is stopped next has something in its worktree that nobody has committed. */
const wakeAgents = async (box, n) => {
  const { instances } = (await box.say('status swarm detailed')).data.state;
  const gone = Object.values(instances).filter(({ state }) => !['idle', 'working'].includes(state.kind));
  if (gone.length > 0) await box.say(`restart ${gone.map(({ instance_id: id }) => id).join(' ')}`);
  writeFileSync(join(instances[AGENT].workspace_path, 'edited.txt'), `edited before phase ${n}\n`);
};

/** The disk is full for a while, and a person looks and stops something. */
const fullPhase = async (box, filler, { n, phase, roll, acknowledged }) => {
  // A client that lost the daemon finds, or starts, the next one.
  box.forgetDaemon();
  await wakeAgents(box, n);
  await until('the room that is kept for a full disk', () => hasBallast(box));
  await pause(roll() * 2000);
  filler.fill();
  const [began, before] = [performance.now(), acknowledged()];
  try {
    await pause(roll() * 2000);
    if (phase.kills) await killDaemon(box);
    const status = await drover(box, ['status']);
    const stop = await drover(box, phase.said);
    await pause(roll() * 2000);
    const after = await drover(box, ['status']);
    const full_ms = Math.round(performance.now() - began);
    return { n, killed: phase.kills, full_ms, acknowledged: acknowledged() - before, tried: [status, stop, after] };
  } finally {
    filler.giveBack();
  }
};

/** Everything that is there in the end, read by a daemon that was started anew, against what clients were told. */
const compare = async (box, { clients, follower }) => {
  await killDaemon(box);
  box.forgetDaemon();
  const { state } = (await box.say('status swarm detailed')).data;
  const journal = { journal: box.paths.journal, disk: realDisk };
  const events = await Array.fromAsync(readEvents(journal, 1, () => state.seq));
  const models = clients.map(({ model }) => model);
  return [...checkThings(models, state), ...checkJournal(events), ...checkHeard(follower.heard, events)];
};

/** The phases in an order that the seed decides, without end. */
function* phasesOf(roll) {
  for (;;) for (const phase of PHASES.toSorted(() => roll() - 0.5)) yield phase;
}

const disturb = async (box, { seed, commands, clients, greedy }) => {
  let thrown = 0;
  const roll = () => {
    thrown += 1;
    return seededNumber('full', String(seed), String(thrown));
  };
  const filler = openFiller(box.disk, { greedy });
  const phases = [];
  const acknowledged = () => clients.reduce((sum, client) => sum + client.acknowledged, 0);
  const sum = () => phases.reduce((all, phase) => all + phase.acknowledged, 0);
  try {
    for (const phase of phasesOf(roll)) {
      phases.push(await fullPhase(box, filler, { n: phases.length + 1, phase, roll, acknowledged }));
      const { n, killed, tried } = phases.at(-1);
      const told = tried.map(({ said, exit, ms }) => `${said}: ${exit} (${ms} ms)`).join(', ');
      process.stderr.write(
        `  full ${n}${killed ? ', daemon killed' : ''}: ${told}; ${sum()} acknowledged while full\n`,
      );
      if (phases.length >= 2 * PHASES.length && (greedy || sum() >= commands))
        return { phases, acknowledged: acknowledged(), while_full: sum() };
    }
  } finally {
    filler.close();
  }
};

const failedOf = (phases, asks) =>
  phases.flatMap(({ tried }) => tried).filter(({ said, exit }) => (said === 'status') === asks && exit !== 0).length;

/** Nothing may be lost, whoever takes the room; to say something on a full disk is promised of the room that is kept. */
const limitsOf = ({ phases, findings, greedy }) => {
  const count = (kind) => findings.filter((one) => one.kind === kind).length;
  const others = findings.length - count('lost') - count('twice');
  const said = [
    limited('"status" on a full disk that failed', failedOf(phases, true), 0, 'commands'),
    limited('"stop" on a full disk that failed', failedOf(phases, false), 0, 'commands'),
  ];
  return [
    ...(greedy ? [] : said),
    limited('acknowledged changes that are lost', count('lost'), 0, 'changes'),
    limited('changes that were made twice', count('twice'), 0, 'changes'),
    limited('commands refused or never answered, gaps in the journal', others, 0, 'findings'),
  ];
};

const figuresOf = (done) => {
  const { seed, phases, acknowledged, while_full, findings } = done;
  const status = phases.flatMap(({ tried }) => tried).filter(({ said }) => said === 'status');
  return {
    limits: limitsOf(done),
    figures: {
      ...{ seed, acknowledged, acknowledged_while_full: while_full, full_phases: phases.length },
      full_s: Math.round(phases.reduce((sum, { full_ms }) => sum + full_ms, 0) / 1000),
      status: { tried: status.length, failed: failedOf(phases, true) },
      stop: { tried: phases.length, failed: failedOf(phases, false) },
      status_ms: spread(
        status.map(({ ms }) => ms),
        0,
      ),
      ...{ findings, phases },
    },
  };
};

const settings = { agent: 'rehearsal', limits: { disk_mb: 1 } };

const measureOn = (kind, { greedy = false } = {}) => ({
  title: `a disk (${kind}) that is full to the last byte under ${CLIENTS} clients${greedy ? ', where another takes what is given back' : ''}`,
  measure: ({ quick, seed = 1 }) =>
    onSmallDisk({ kind, mb: MB }, (disk) =>
      inSandbox({ settings, files: { 'README.md': 'full\n' }, under: disk }, async (sandbox) => {
        const box = { ...sandbox, disk };
        const findings = [];
        const found = (of, what) => findings.push({ kind: of, what });
        const place = { ...box, seed, found };
        await box.say('launch 2 instances agent=rehearsal');
        const follower = await openFollower(place);
        const names = Array.from({ length: CLIENTS }, (_, i) => `client${i + 1}`);
        const clients = await Promise.all(names.map((name) => openTalker({ ...place, name })));
        const close = (how) => Promise.all([...clients, follower].map((one) => one.close(how)));
        const release = holdOpen({ close: () => close({ atOnce: true }) });
        try {
          const commands = quick ? COMMANDS / 10 : COMMANDS;
          const done = await disturb(box, { seed, commands, clients, greedy });
          await close();
          findings.push(...(await compare(box, { clients, follower })));
          return figuresOf({ ...done, seed, findings, greedy });
        } finally {
          await close({ atOnce: true });
          release();
          box.forgetDaemon();
          await killDaemon(box);
        }
      }),
    ),
});

await runBench('bench:full', {
  tmpfs: measureOn('tmpfs'),
  ext4: measureOn('ext4'),
  greedy: measureOn('tmpfs', { greedy: true }),
});
