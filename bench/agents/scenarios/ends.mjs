/** How it ends, is held, and goes on. */
const atWork = async (stage) => {
  await stage.tell('%%slow 100 100');
  await stage.call();
  await stage.rest(1000);
};

const struck = (signal) => async (stage) => {
  await atWork(stage);
  process.kill(stage.pid(), signal);
  await stage.rest(2000);
};

export const ends = {
  'crash (SIGSEGV)': { run: struck('SIGSEGV') },
  'kill -9': { run: struck('SIGKILL') },
  'kill -STOP and back': {
    run: async (stage) => {
      await atWork(stage);
      process.kill(stage.pid(), 'SIGSTOP');
      await stage.rest(8000);
      process.kill(stage.pid(), 'SIGCONT');
      await stage.rest(4000);
    },
  },
  '/exit': {
    ends: 'stopped',
    run: async (stage) => {
      stage.type('/exit');
      await stage.shows('❯ /exit');
      stage.keys('Enter');
      await stage.rest(2000);
    },
  },
  'Ctrl-C twice': {
    ends: 'stopped',
    run: async (stage) => {
      stage.keys('C-c');
      await stage.rest(150);
      stage.keys('C-c');
      await stage.rest(2000);
    },
  },
  'stop by force': {
    ends: 'stopped',
    run: async (stage) => {
      await atWork(stage);
      stage.fact('leaving');
      await stage.follower.replica.run(`stop instance ${stage.id} force`, { yes: true });
      await stage.rest(1500);
    },
  },
  'pause and resume': async (stage) => {
    await stage.tell('%%slow 100 40');
    await stage.call();
    await stage.rest(1000);
    await stage.drover('pause', stage.id);
    await stage.rest(1500);
    await stage.drover('resume', stage.id);
    await stage.quiet();
    await stage.rest(800);
  },
  'resume after a kill': {
    ends: 'failed',
    run: async (stage) => {
      await stage.tell('%%say before');
      await stage.quiet({ ms: 1000 });
      process.kill(stage.pid(), 'SIGKILL');
      await stage.says('failed');
      await stage.drover('restart', stage.id);
      await stage.ready(2);
      await stage.rest(500);
      await stage.tell('%%say after');
      await stage.quiet({ calls: 2 });
      await stage.rest(800);
    },
  },
};
