import pty from '@lydell/node-pty';

/** A person at its terminal, and work that goes on beside its turns. */
const sends = async (stage, text) => {
  stage.type(text);
  await stage.shows(text);
  stage.keys('Enter');
};

export const persons = {
  'sub-agent': {
    reads: { helper: /^%%bash sleep 2/u },
    run: async (stage) => {
      await stage.tell('%%task @@bash sleep 2 @@say sub ready %%say handed on');
      await stage.call((one) => one.kind === 'main' && /sub ready/u.test(one.prompt), 4);
      await stage.quiet({ calls: 4, ms: 1500 });
    },
  },
  'background task': async (stage) => {
    await stage.tell('%%tool Bash {"command":"sleep 3; echo late","run_in_background":true} %%say started');
    await stage.quiet({ calls: 3, ms: 1500 });
  },
  compaction: {
    // Its own words for the summary are not its turn, which ends when it says so.
    reads: { helper: /^CRITICAL: Respond with TEXT ONLY/u },
    run: async (stage) => {
      await stage.tell('%%say hi');
      await stage.quiet();
      const from = Date.now();
      const over = stage.sees(/Compacted/u, from);
      await sends(stage, '/compact %%sleep 2000');
      stage.fact('rests', await over);
      await stage.rest(1500);
    },
  },
  'Escape while it streams': async (stage) => {
    await stage.tell('%%slow 100 100');
    await stage.call();
    await stage.rest(1500);
    stage.keys('Escape');
    await stage.quiet();
    await stage.rest(1500);
  },
  'Escape in a tool': async (stage) => {
    await stage.tell('%%bash sleep 20');
    await stage.call();
    await stage.rest(1500);
    stage.keys('Escape');
    await stage.rest(2500);
  },
  'typing by tmux attach': async (stage) => {
    const argv = ['-u', 'attach-session', '-t', `=${stage.session}`];
    const client = pty.spawn('tmux', argv, { cols: 100, rows: 30, env: { ...stage.box.env, TERM: 'xterm-256color' } });
    await stage.rest(800);
    for (const letter of '%%slow 100 20') {
      client.write(letter);
      await stage.rest(30);
    }
    await stage.rest(300);
    client.write('\r');
    await stage.quiet();
    client.write('\u0002d');
    await stage.rest(800);
    client.kill();
  },
  rewind: async (stage) => {
    await stage.tell('%%say hi');
    await stage.quiet({ ms: 1500 });
    stage.keys('Escape', 'Escape');
    stage.fact('asks', await stage.sees(/Rewind/u));
    await stage.rest(1500);
    const from = Date.now();
    stage.keys('Escape');
    stage.fact('rests', await stage.sees(/─❯|shift\+tabtocycle/u, from));
    await stage.rest(1500);
  },
};
