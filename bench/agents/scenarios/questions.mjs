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

export const questions = {
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
