type Entry = readonly [word: string, meaning: string];

/** The words of Drover, one for each thing, in the order in which somebody meets them. */
export const GLOSSARY: readonly (readonly [title: string, entries: readonly Entry[]])[] = [
  [
    'Who works, and where',
    [
      [
        'agent',
        'a coding program, such as Claude Code. In commands it means an instance, but in “drover agents list”, which lists adapters',
      ],
      ['adapter', 'how Drover starts one kind of agent, follows it and answers it; “list adapters” shows all'],
      ['instance', 'one agent that runs: it has a name (claude-1), a colour, a session, a worktree and a branch'],
      ['swarm', 'all instances and tasks of one repository'],
      ['session', 'the tmux session in which an instance runs; it lives on when you close the screen'],
      ['worktree', 'the folder in which an instance works: a git worktree of its own'],
      [
        'checkout',
        'the folder in which you work yourself; only init, settings that you change and a delivery write there',
      ],
      [
        'daemon',
        'the program in the background, one for each repository, that keeps the state and does what commands say',
      ],
      [
        'mode',
        'a profile for a task, such as safe: how far its agent goes without asking. There are safe, beast, review and tdd',
      ],
      ['screen', 'what “drover” alone opens on a terminal (a TUI); an agent has a terminal of its own'],
      ['page', 'the web page that “drover web” serves (a web UI); on the screen, also an answer of many lines'],
      ['rehearsal agent', 'the bundled agent that plays work, for trials: it costs nothing and does nothing real'],
    ],
  ],
  [
    'Work',
    [
      ['task', 'one piece of work for one agent'],
      [
        'plan',
        'tasks with an order, read from a file in one of eight formats; commands call every imported plan a spec',
      ],
      ['brief', 'what an agent gets to read for its task'],
      ['run', 'one attempt of one instance at a task; a restart of its program or of the daemon does not end it'],
      ['dependency', 'a task that has to be done before another one can start'],
      ['pending', 'a task that is open: nobody has begun it, whether it is ready, waits for others or is held'],
      ['ready', 'a task that could start and that nobody asked for'],
      ['queued', 'a task that starts by itself as soon as an agent is free'],
      ['waiting', 'an agent that asked something; of a task: it depends on others that are not done'],
      ['at work', 'an instance that is working, a task that is running'],
      ['wave', 'the tasks that can run at the same time: waves 13/12/1 are 13, then 12, then 1'],
      ['longest chain', 'the tasks that wait for each other and take longest together; no swarm is faster'],
      ['policy', 'the rule that orders a plan which does not say itself what waits for what'],
      ['check', 'the command that has to succeed before a task counts as done'],
      [
        'claim',
        'an agent’s word that it is done; the check follows. A claim on files: a task has them for itself while it runs',
      ],
      ['verified', 'done, and shown to be: the check succeeded, there are commits, nothing is left uncommitted'],
      ['unchecked', 'done, with commits, but the task has no check'],
      ['race', 'one task given to several agents at once; you, or a rule, take the winner'],
    ],
  ],
  [
    'What needs you',
    [
      [
        'need',
        'what does not go on without you: a question, a failure, a lost agent, a conflict. The yellow number counts them',
      ],
      ['question', 'what an agent asks; it waits for your answer, however long that takes'],
      ['alert', 'a sentence about something you should know, with a command where one helps'],
      ['dismiss', 'to say that you know of an alert: it goes. The command is clear alert'],
      [
        'lost',
        'an instance whose session ended without a word, or whose worktree is of no use; restart instance brings it back',
      ],
      ['stuck', 'an instance that is at work and gives no sign of life'],
      [
        'budget',
        'how much money or how many tokens may be spent; beyond it an alert is raised, or the agents are paused',
      ],
    ],
  ],
  [
    'From done to your branch',
    [
      ['review', 'to look at the work of a task and to decide: approve it, send it back, or take it over'],
      [
        'approve',
        'to say yes to the work of a task at one commit: only that is merged, and another verified one needs its own yes',
      ],
      ['send back', 'to give work back to its agent with what you want changed'],
      ['take over', 'to go on with the work yourself, in a worktree of your own'],
      ['integration branch', 'the branch that finished work is merged into: drover/integration'],
      ['batch', 'one numbered merge of everything that is finished: batch-3; commands also call it an integration'],
      [
        'gate',
        'a further check: of a merge before it is published, or of a task in a mode. A gate of the plan is a knot of its graph',
      ],
      ['conflict', 'two tasks changed the same lines; a foreseen one is known before the two are merged'],
      [
        'set aside',
        'left out of a batch. After a conflict it is tried again when it has changed; after a failed gate: retry the task',
      ],
      ['deliver', 'to bring your own branch forward to the integration branch: merge completed branches to=main'],
      ['rollback', 'to take a batch back; its tasks are open again'],
    ],
  ],
  [
    'What is kept',
    [
      ['event', 'one fact, with a number and a time'],
      ['journal', 'all events, on the disk before a command answers'],
      ['trust', 'your yes to settings of a repository that start programs or allow something'],
    ],
  ],
];
