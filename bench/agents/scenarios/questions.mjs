/** It asks, and is answered by Drover or by a person in its terminal. */
const asking = (...tools) => ({ reads: { asks: tools } });

const QUESTION = JSON.stringify({
  questions: [
    {
      question: 'Which colour?',
      header: 'Colour',
      multiSelect: false,
      options: [
        { label: 'Red', description: 'like fire' },
        { label: 'Blue', description: 'like water' },
      ],
    },
  ],
});

/** It writes its plan in its plan mode, shows it, and is then answered. */
const planned = (answer) => ({
  ...asking('ExitPlanMode'),
  run: async (stage) => {
    await stage.tell('%%tool EnterPlanMode {} %%plan # Careful\\n1. look %%tool ExitPlanMode {} %%slow 100 10');
    await stage.call(({ tool }) => tool === 'ExitPlanMode');
    await stage.rest(1500);
    await stage.drover(...answer);
    await stage.quiet({ calls: 4 });
    await stage.rest(800);
    return { auto_mode: stage.screen().includes('auto mode on') };
  },
});

export const questions = {
  'plan approved': planned(['approve', 'claude-1']),
  'plan sent back': planned(['answer', 'claude-1', 'first a test']),
  'permission granted': {
    ...asking('Bash'),
    run: async (stage) => {
      await stage.tell(`%%bash ${stage.marked('go', 'sleep 1.5')} %%say done`);
      await stage.call();
      await stage.rest(1500);
      await stage.drover('approve', stage.id);
      stage.fact('works', await stage.mark('go'));
      await stage.quiet({ calls: 2 });
      await stage.rest(800);
    },
  },
  'permission refused': {
    ...asking('Bash'),
    run: async (stage) => {
      await stage.tell(`%%bash ${stage.marked('go', 'sleep 1.5')} %%say done`);
      await stage.call();
      await stage.rest(1500);
      await stage.drover('deny', stage.id);
      await stage.quiet({ calls: 2 });
      await stage.rest(1500);
    },
  },
  'granted in its terminal': {
    ...asking('Bash'),
    run: async (stage) => {
      await stage.tell(`%%bash ${stage.marked('go', 'sleep 2.5')} %%say done`);
      await stage.call();
      await stage.shows('Esc to cancel');
      await stage.rest(1500);
      stage.keys('Enter');
      stage.fact('works', await stage.mark('go'));
      await stage.quiet({ calls: 2 });
      await stage.rest(800);
    },
  },
  'refused in its terminal': {
    ...asking('Bash'),
    run: async (stage) => {
      await stage.tell(`%%bash ${stage.marked('go', 'sleep 1.5')} %%say done`);
      await stage.call();
      await stage.shows('Esc to cancel');
      await stage.rest(1500);
      stage.keys('Escape');
      await stage.rest(2500);
    },
  },
  question: {
    ...asking('AskUserQuestion'),
    run: async (stage) => {
      await stage.tell(`%%tool AskUserQuestion ${QUESTION} %%slow 100 10`);
      await stage.call();
      await stage.rest(1500);
      await stage.drover('answer', stage.id, '1');
      await stage.quiet({ calls: 2 });
      await stage.rest(800);
    },
  },
};
