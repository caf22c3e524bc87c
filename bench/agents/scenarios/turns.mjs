/** Turns that nobody disturbs. */
const COMMIT = '%%bash git add -A && git commit -qm made';

const aside = Array.from({ length: 200 }, (_, i) => `Line ${i + 1} of the brief: "quoted", \ttabbed, naïve — 数 ✓`);

const byTask = (description) => async (stage) => {
  await stage.drover('create', 'task', 'Make a file', 'id=t1', `description=${description}`);
  await stage.drover('run', 'task', 't1');
  await stage.quiet({ calls: 3 });
  await stage.rest(1500);
  return { task: stage.follower.replica.state.tasks.t1.state };
};

export const turns = {
  'plain answer': async (stage) => {
    await stage.tell('%%say hello there');
    await stage.quiet();
    await stage.rest(1500);
  },
  'edits and commits': byTask(`%%write made.txt hi ${COMMIT} %%say all done`),
  'long thinking': async (stage) => {
    await stage.tell('%%sleep 4000');
    await stage.quiet();
    await stage.rest(1000);
  },
  'slow stream': async (stage) => {
    await stage.tell('%%slow 120 40');
    await stage.quiet();
    await stage.rest(1000);
  },
  'big output': async (stage) => {
    await stage.tell('%%bash git log -p --all %%say %%slow 4 800');
    await stage.quiet();
    await stage.rest(1000);
  },
  'two prompts queued': async (stage) => {
    await stage.tell('%%slow 100 30');
    await stage.call();
    await stage.tell('%%slow 100 10');
    await stage.tell('%%slow 100 20');
    await stage.quiet({ calls: 2, ms: 1500 });
  },
  'brief of 200 lines': byTask(`%%write made.txt hi ${COMMIT} %%say all done\n## Aside\n${aside.join('\n')}`),
  'non-ASCII brief': byTask(`%%write made.txt häß–数✓ ${COMMIT} %%say fertig — 完了 ✓`),
};
