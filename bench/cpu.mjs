import { setTimeout as pause } from 'node:timers/promises';
import { writerCommand } from '../src/tmux/create.ts';
import { inBusySwarm, LINES } from './busy.mjs';
import { limited, rounded } from './figures.mjs';
import { cpuOf } from './processes-of.mjs';
import { inPackage } from './sandbox.mjs';
import { openWatcher } from './watcher.mjs';

const PANES = 10;
const POLL_MS = 500;
/** What has just been started or taken away shall not be counted. */
const SETTLE_MS = 2000;

/** CPU time in milliseconds a second that the groups use during so long. */
const used = async (groups, ms) => {
  await pause(SETTLE_MS);
  const started = performance.now();
  const before = cpuOf(groups);
  await pause(ms);
  const seconds = (performance.now() - started) / 1000;
  const after = cpuOf(groups);
  return Object.fromEntries(Object.keys(groups).map((name) => [name, (after[name] - before[name]) / seconds]));
};

/** The ways to look at the same panes on the same server, each for a while. */
const openScenes = ({ box, instances }, ms) => {
  const panes = instances.map((one) => one.pane);
  const ids = instances.map((one) => one.instance_id);
  const server = Number(box.tmux('display-message', '-p', '#{pid}'));
  const pids = box.tmux('list-panes', '-a', '-F', '#{pane_pid}').split('\n').map(Number);
  const serving = { server: { root: server, own: true }, server_and_children: { root: server, without: pids } };
  let segment = 100;
  /** Pipes the panes into their logs, as the daemon did when it created them. */
  const pipe = () => {
    segment += 100;
    const writer = (id) => writerCommand(inPackage('assets'), `${box.paths.logs}/${id}`, segment);
    ids.forEach((id, i) => void box.tmux('pipe-pane', '-o', '-t', panes[i], writer(id)));
  };
  const unpipe = () => {
    for (const pane of panes) box.tmux('pipe-pane', '-t', pane);
  };
  const daemonPid = async () => (await box.say('status daemon')).data.pid;
  const watched = async (script, args) => {
    const watcher = await openWatcher(script, args, box);
    const groups = { ...serving, watcher: { root: watcher.pid } };
    if (script === 'reader.mjs') groups.daemon = { root: await daemonPid() };
    const figures = await used(groups, ms);
    await watcher.end();
    return figures;
  };
  return {
    drover: async () => used({ ...serving, daemon: { root: await daemonPid() } }, ms),
    drover_and_view: () => watched('reader.mjs', [box.paths.logs, 120, 36, 'silent', ...ids]),
    nobody: () => used(serving, ms),
    polling: () => watched('poller.mjs', [POLL_MS, 'silent', ...panes]),
    leave: async () => {
      await box.endDaemon();
      unpipe();
    },
    comeBack: async () => {
      pipe();
      await box.talk();
    },
  };
};

const total = ({ server_and_children, watcher = 0, daemon = 0 }) => server_and_children + watcher + daemon;
const average = (series) => series.reduce((sum, value) => sum + value, 0) / series.length;

const told = (series) => ({
  ...{
    total: rounded(average(series.map(total)) / 10),
    server: rounded(average(series.map((one) => one.server)) / 10),
  },
  log_writers: rounded(average(series.map((one) => one.server_and_children - one.server)) / 10),
  ...(series[0].daemon === undefined ? {} : { daemon: rounded(average(series.map((one) => one.daemon)) / 10) }),
  ...(series[0].watcher === undefined ? {} : { watcher: rounded(average(series.map((one) => one.watcher)) / 10) }),
});

/** The CPU that watching costs: with Drover, with forked polling, and with nobody, in turns on the same panes. */
export const cpu = {
  title: `CPU with ${PANES} panes at ${LINES} lines a second against polling them`,
  measure: ({ quick }) =>
    inBusySwarm(PANES, async (swarm) => {
      const scenes = openScenes(swarm, quick ? 3000 : 10_000);
      const seen = { drover: [], drover_and_view: [], nobody: [], polling: [] };
      const look = async (name) => void seen[name].push(await scenes[name]());
      // There and back again, so that a machine that gets busier or calmer meanwhile favours none.
      for (const name of ['drover', 'drover_and_view']) await look(name);
      await scenes.leave();
      for (const name of ['nobody', 'polling', 'polling', 'nobody']) await look(name);
      await scenes.comeBack();
      for (const name of ['drover_and_view', 'drover']) await look(name);
      const [drover, nobody, polling, view] = ['drover', 'nobody', 'polling', 'drover_and_view'].map((name) =>
        average(seen[name].map(total)),
      );
      return {
        limits: [limited('watching, against polling every 500 ms', (drover - nobody) / (polling - nobody), 0.5, 'x')],
        figures: {
          percent_of_one_core: Object.fromEntries(Object.entries(seen).map(([name, series]) => [name, told(series)])),
          watching_percent: rounded((drover - nobody) / 10),
          polling_percent: rounded((polling - nobody) / 10),
          all_against_all: rounded(drover / polling),
          with_view_against_polling: rounded((view - nobody) / (polling - nobody)),
        },
      };
    }),
};
