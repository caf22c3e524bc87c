import { expect, test, vi } from 'vitest';
import { boxReader, typedBehind } from '../../../src/agents/input-box.ts';
import { asWords } from '../../../src/agents/prompt.ts';
import { typeLine } from '../../../src/daemon/actions/type-line.ts';
import { emptyState } from '../../../src/state/index.ts';
import type { Instance } from '../../../src/state/instances.ts';
import { servicesWith } from '../../helpers/services.ts';
import { servicesOn } from '../../helpers/target.ts';

/** A program with an input box, as its terminal shows it. */
type Program = { box: string | undefined; sent: string[]; deafFor: number; slowFor: number };

const BRIEF = { box: 300, taken: 80, person: 200, turn: 50 };
const RULE = '─'.repeat(20);

/** A services in which one program can be typed into: the first Enters get lost, the first looks still show nothing. */
const worldOf = (program: Program, options: { readable?: boolean; asWords?: (line: string) => string } = {}) => {
  const typed: string[] = [];
  const pasted: string[] = [];
  const log: string[] = [];
  let remembered: string | undefined;
  const enter = () => {
    if (program.deafFor > 0) program.deafFor -= 1;
    else {
      program.sent.push(program.box ?? '');
      program.box = '';
    }
  };
  const tmux = {
    capture: async () => {
      if (program.slowFor > 0) {
        program.slowFor -= 1;
        return 'starting';
      }
      return program.box === undefined ? 'a dialog' : `${RULE}\n> ${program.box}\n${RULE}\n`;
    },
    type: async (
      _pane: string,
      text: string,
      { enter: send = false, once }: { enter?: boolean; once?: string } = {},
    ) => {
      if (once !== undefined && once === remembered) return false;
      remembered = once;
      typed.push(text);
      program.box = `${program.box ?? ''}${text}`;
      if (send) enter();
      return true;
    },
    press: async () => enter(),
    knows: async (_pane: string, word: string) => word === remembered,
    paste: async (_pane: string, text: string, word?: string) => {
      pasted.push(text);
      remembered = word;
      program.box = `${program.box ?? ''}${text}`;
    },
  };
  const { readable = true, ...words } = options;
  const readBox = readable ? { readBox: boxReader(/^> /u, /^─+/u), ...words } : words;
  const services = {
    ...servicesOn({ tmux }),
    adapterFor: () => readBox,
    log: (line: string) => log.push(line),
    signal: new AbortController().signal,
    store: { state: emptyState },
  };
  return { services: servicesWith(services), typed, pasted, log };
};

const instance = { instance_id: 'a-1', agent: 'a', pane: '%1', state: { kind: 'working' } } as unknown as Instance;
const program = (changes: Partial<Program> = {}): Program => ({
  box: '',
  sent: [],
  deafFor: 0,
  slowFor: 0,
  ...changes,
});

test('a line is typed when the box is there, and sent once', async () => {
  const slow = program({ slowFor: 3 });
  const { services, typed } = worldOf(slow);
  await typeLine(services, instance, { text: 'do it', once: 't1 1' }, BRIEF);
  expect([typed, slow.sent, slow.box]).toEqual([['do it'], ['do it'], '']);
});

test('an Enter that got lost is pressed again while the text still stands there', async () => {
  const deaf = program({ deafFor: 1 });
  const { services, typed, log } = worldOf(deaf);
  await typeLine(services, instance, { text: 'do it' }, BRIEF);
  expect([typed, deaf.sent, log]).toEqual([['do it'], ['do it'], []]);
});

test('what was typed and sent before is not sent again', async () => {
  const one = program();
  const { services, typed } = worldOf(one);
  await typeLine(services, instance, { text: 'do it', once: 't1 1' }, BRIEF);
  await typeLine(services, instance, { text: 'do it', once: 't1 1' }, BRIEF);
  expect([typed, one.sent]).toEqual([['do it'], ['do it']]);
});

test('a program whose box cannot be read, or that is frozen, gets text and Enter at once', async () => {
  const plain = program();
  await typeLine(worldOf(plain, { readable: false }).services, instance, { text: 'do it', once: 't1 1' }, BRIEF);
  expect(plain.sent).toEqual(['do it']);
  const frozen = program();
  await typeLine(
    worldOf(frozen).services,
    { ...instance, state: { ...instance.state, kind: 'paused' } },
    { text: 'do it' },
    BRIEF,
  );
  expect(frozen.sent).toEqual(['do it']);
});

test('what would be an answer is not typed into a program that was frozen while it asked', async () => {
  const paused = { ...instance, state: { ...instance.state, kind: 'paused' } } as const;
  const known = program();
  const asks: Instance = { ...paused, paused_from: { ...instance.state, kind: 'waiting' } };
  await expect(
    typeLine(worldOf(known, { readable: false }).services, asks, { text: 'y' }, BRIEF),
  ).rejects.toMatchObject({ code: 'daemon/asks' });
  const shown = program({ box: undefined });
  await expect(typeLine(asking(shown).services, paused, { text: 'y' }, BRIEF)).rejects.toMatchObject({
    code: 'daemon/asks',
  });
  expect([known.sent, shown.sent]).toEqual([[], []]);
});

test('a text that never leaves the box is told of', async () => {
  const { services, log } = worldOf(program({ deafFor: 100 }));
  await typeLine(services, instance, { text: 'do it' }, BRIEF);
  expect(log).toEqual(['a-1 leaves what was typed in its input box']);
});

/** The same services with an agent whose box tells what was typed, and a record of alerts. */
const typing = (one: Program) => {
  const { services, typed, pasted, log } = worldOf(one);
  const alerts: string[] = [];
  const keys: string[] = [];
  const mark = { kind: 'working', source: 'drover' };
  const state = { alerts: {} as Record<string, unknown>, instances: { 'a-1': { state: mark, paused_from: null } } };
  const store = {
    state,
    until: async (holds: (now: unknown) => boolean, signal?: AbortSignal) => {
      while (!holds(state)) {
        signal?.throwIfAborted();
        await new Promise(setImmediate);
      }
    },
  };
  const readBox = services.adapterFor('a').readBox!;
  const { tmux } = services.home;
  const press = async (pane: string, key: string) => {
    keys.push(key);
    if (key === 'C-u') one.box = '';
    else await tmux.press(pane, key);
  };
  const shared = servicesWith({
    ...services,
    ...servicesOn({ tmux: { ...tmux, press } }),
    store,
    adapterFor: () => ({ readBox, clearKey: 'C-u' }),
    decide: async (decide: (now: unknown) => { type: string; data: { id: string } }[]) => {
      for (const { type, data } of decide(state)) {
        alerts.push(`${type} ${data.id}`);
        if (type === 'alert.raised') state.alerts[data.id] = data;
        else delete state.alerts[data.id];
      }
    },
  });
  return { services: shared, typed, pasted, log, alerts, keys, mark };
};

test('what a person has half typed is left to them, and whoever waits no longer hears so', async () => {
  const one = program({ box: 'my own' });
  const { services, typed, keys } = typing(one);
  await expect(typeLine(services, instance, { text: 'do it' }, BRIEF)).rejects.toThrow(
    expect.objectContaining({ code: 'daemon/box-in-use', exit: 6 }),
  );
  expect([typed, keys, one.box]).toEqual([[], [], 'my own']);
});

test('a line that can wait is typed when the person has sent theirs, with an alert in between', async () => {
  const one = program({ box: 'my own' });
  const { services, typed, alerts } = typing(one);
  const told = typeLine(services, instance, { text: 'do it', once: 't1 1', still: () => true }, BRIEF);
  await vi.waitUntil(() => alerts.length > 0);
  one.box = '';
  await told;
  expect([typed, one.sent]).toEqual([['do it'], ['do it']]);
  expect(alerts).toEqual(['alert.raised typing:a-1', 'alert.cleared typing:a-1']);
});

test('the turn that a person began by their line is left to them before the brief is typed', async () => {
  const one = program({ box: 'my own' });
  const { services, typed, alerts, mark } = typing(one);
  const told = typeLine(
    services,
    instance,
    { text: 'do it', once: 't1 1', still: () => true },
    { ...BRIEF, turn: 5000 },
  );
  await vi.waitUntil(() => alerts.length > 0);
  mark.source = 'hook';
  one.box = '';
  await new Promise(setImmediate);
  expect([typed, alerts.length]).toEqual([[], 1]);
  mark.source = 'drover';
  await told;
  expect([typed, alerts.length]).toEqual([['do it'], 2]);
});

test('a daemon that finds the alert of the one before it waits for that turn as well', async () => {
  const one = program();
  const { services, typed, alerts, mark } = typing(one);
  Object.assign(services.store.state.alerts, { 'typing:a-1': {} });
  mark.source = 'hook';
  const told = typeLine(services, instance, { text: 'do it', once: 't1 1', still: () => true }, BRIEF);
  await new Promise(setImmediate);
  expect(typed).toEqual([]);
  mark.kind = 'idle';
  await told;
  expect([typed, alerts]).toEqual([['do it'], ['alert.cleared typing:a-1']]);
});

test('a brief whose end is not recognised in the box is sent off all the same, once', async () => {
  const one = program();
  const { services } = worldOf(one);
  const seen = servicesWith({
    ...services,
    adapterFor: () => ({ readBox: () => 'something else', clearKey: undefined }),
  });
  await typeLine(seen, instance, { text: 'do it', once: 't1 1' }, BRIEF);
  await typeLine(seen, instance, { text: 'do it', once: 't1 1' }, BRIEF);
  expect(one.sent).toEqual(['do it']);
});

test('a line that nobody wants said any more is not typed', async () => {
  const one = program({ box: 'my own' });
  const { services, typed, alerts } = typing(one);
  let wanted = true;
  const told = typeLine(services, instance, { text: 'do it', once: 't1 1', still: () => wanted }, BRIEF);
  await vi.waitUntil(() => alerts.length > 0);
  wanted = false;
  await told;
  expect([typed, one.box]).toEqual([[], 'my own']);
});

test('what an interrupt puts back into the box is ours, and is cleared before the next line', async () => {
  const brief = program({ box: 'Task t0: read /b.md and do what it says.' });
  const first = typing(brief);
  await typeLine(first.services, instance, { text: 'do it' }, BRIEF);
  expect([brief.sent, first.keys]).toEqual([['do it'], ['C-u', 'Enter']]);
  brief.box = 'do it';
  await typeLine(first.services, instance, { text: 'and that' }, BRIEF);
  expect(brief.sent).toEqual(['do it', 'and that']);
});

test('lines that come at once for one agent are typed one after the other, and none is taken for what is to be cleared', async () => {
  const one = program({ deafFor: 1 });
  const { services, keys } = typing(one);
  const lines = ['first', 'second', 'third'].map((text, n) => ({ text, once: `c-${n}`, isMessage: true }));
  await Promise.all(lines.map((line) => typeLine(services, instance, line, { ...BRIEF, person: 2000 })));
  expect([one.sent, keys]).toEqual([
    ['first', 'second', 'third'],
    ['Enter', 'Enter', 'Enter', 'Enter'],
  ]);
});

test('a line that waits for what a person types holds up nobody who would be told that they type', async () => {
  const one = program({ box: 'my own' });
  const { services, alerts } = typing(one);
  const told = typeLine(services, instance, { text: 'do it', once: 't1 1', still: () => true }, BRIEF);
  await vi.waitUntil(() => alerts.length > 0);
  await expect(typeLine(services, instance, { text: 'a word' }, BRIEF)).rejects.toMatchObject({
    code: 'daemon/box-in-use',
  });
  one.box = '';
  await told;
  expect(one.sent).toEqual(['do it']);
});

/** The same with an agent that has a prompt in its last line and no box around that. */
const prompting = (one: Program, { hooks = true } = {}) => {
  const world = typing(one);
  const { tmux } = world.services.home;
  const adapter = { hooks, readTyped: typedBehind(/^robot> *$/mu) };
  const capture = async () => `Welcome.\nrobot> ${one.box}\n\n`;
  const services = { ...world.services, ...servicesOn({ tmux: { ...tmux, capture } }), adapterFor: () => adapter };
  return { ...world, services: servicesWith(services) };
};

test('what a person has half typed at a prompt without a box is left to them as well', async () => {
  const one = program({ box: 'my own' });
  const { services, typed, alerts } = prompting(one);
  await expect(typeLine(services, instance, { text: 'a word' }, BRIEF)).rejects.toMatchObject({
    code: 'daemon/box-in-use',
  });
  const told = typeLine(services, instance, { text: 'do it', once: 't1 1', still: () => true }, BRIEF);
  await vi.waitUntil(() => alerts.length > 0);
  expect([typed, one.sent]).toEqual([[], []]);
  one.box = '';
  await told;
  expect([one.sent, alerts]).toEqual([['do it'], ['alert.raised typing:a-1', 'alert.cleared typing:a-1']]);
});

test('what a person begins to type at such a prompt while another line has its turn is not sent off with ours', async () => {
  const one = program();
  const world = prompting(one);
  const { tmux } = world.services.home;
  const calls = { typed: Promise.withResolvers<void>(), looked: Promise.withResolvers<void>() };
  const slow = Promise.withResolvers<void>();
  const type: typeof tmux.type = async (...given) => {
    const isNew = await tmux.type(...given);
    calls.typed.resolve();
    await slow.promise;
    return isNew;
  };
  let looks = 0;
  const capture: typeof tmux.capture = (...given) => {
    looks += 1;
    if (looks > 2) calls.looked.resolve();
    return tmux.capture(...given);
  };
  const services = servicesWith({ ...world.services, ...servicesOn({ tmux: { ...tmux, type, capture } }) });
  const first = typeLine(services, instance, { text: 'one' }, BRIEF);
  await calls.typed.promise;
  looks = 2;
  const second = typeLine(services, instance, { text: 'two' }, BRIEF);
  await calls.looked.promise;
  one.box = 'my own';
  slow.resolve();
  await first;
  await expect(second).rejects.toMatchObject({ code: 'daemon/box-in-use' });
  expect([one.sent, one.box]).toEqual([['one'], 'my own']);
});

test('whoever waits for what a person types for as long as that takes does not look all the time', async () => {
  const one = program({ box: 'my own' });
  const world = prompting(one);
  const { tmux } = world.services.home;
  const looks: number[] = [];
  const capture: typeof tmux.capture = (...given) => {
    if (world.alerts.length > 0) looks.push(performance.now());
    return tmux.capture(...given);
  };
  const services = servicesWith({ ...world.services, ...servicesOn({ tmux: { ...tmux, capture } }) });
  const told = typeLine(services, instance, { text: 'do it', once: 't1 1', still: () => true }, BRIEF);
  await vi.waitUntil(() => looks.length > 1, 10_000);
  one.box = '';
  await told;
  expect(one.sent).toEqual(['do it']);
  expect(looks[1]! - looks[0]!).toBeGreaterThan(900);
});

test('at such a prompt what the daemon typed itself, and the line that a program works at, hold up nothing', async () => {
  const brief = program({ box: 'Task t0: read /b.md and do what it says.' });
  const { services, typed } = prompting(brief);
  await typeLine(services, instance, { text: 'a word' }, BRIEF);
  brief.box = 'a word';
  await typeLine(services, instance, { text: 'and that' }, BRIEF);
  expect(typed).toEqual(['a word', 'and that']);
  const working = program({ box: 'the line of before' });
  const silent = prompting(working, { hooks: false });
  await typeLine(
    silent.services,
    { ...instance, state: { ...instance.state, source: 'screen' } },
    { text: 'do it' },
    BRIEF,
  );
  expect(silent.typed).toEqual(['do it']);
});

/** The same with an agent whose dialogs are known. */
const asking = (one: Program) => {
  const world = typing(one);
  const own = world.services.adapterFor('a');
  const readAsking = (screen: string): boolean => screen.includes('a dialog');
  return { ...world, services: servicesWith({ ...world.services, adapterFor: () => ({ ...own, readAsking }) }) };
};

test('what nobody waits for is not typed into a dialog, where Enter would be an answer', async () => {
  const one = program({ box: undefined });
  const { services, typed, keys } = asking(one);
  await expect(typeLine(services, instance, { text: '2' }, BRIEF)).rejects.toMatchObject({ code: 'daemon/asks' });
  expect([typed, keys, one.sent]).toEqual([[], [], []]);
});

test('a dialog that comes while a line is typed gets no Enter', async () => {
  const one = program();
  const { services, keys } = asking(one);
  const { tmux } = services.home;
  const type: typeof tmux.type = async (pane, text, options) => {
    const isNew = await tmux.type(pane, text, options);
    one.box = undefined;
    return isNew;
  };
  const late = servicesWith({ ...services, ...servicesOn({ tmux: { ...tmux, type } }) });
  await expect(typeLine(late, instance, { text: 'do it' }, BRIEF)).rejects.toMatchObject({ code: 'daemon/asks' });
  expect([keys, one.sent]).toEqual([[], []]);
});

test('a long line and one with tabs are pasted in pieces that no program takes for the words of somebody else', async () => {
  for (const text of [`a\tb`, 'word '.repeat(300).trim()]) {
    const one = program();
    const { services, typed, pasted } = worldOf(one);
    await typeLine(services, instance, { text }, BRIEF);
    expect([typed, pasted.join(''), one.sent]).toEqual([[], text, [text]]);
    expect(Math.max(...pasted.map((piece) => piece.length))).toBeLessThanOrEqual(600);
  }
});

test('what the agent would read as a command of its own is put behind a word, and said once', async () => {
  const one = program();
  const { services } = worldOf(one, { asWords });
  await typeLine(services, instance, { text: '/exit' }, BRIEF);
  await typeLine(services, instance, { text: 'as it is' }, BRIEF);
  expect(one.sent).toEqual(['Message: /exit', 'as it is']);
  expect(['!ls', ' /x', 'ends with \\', 'a/b'].map(asWords)).toEqual([
    'Message: !ls',
    'Message:  /x',
    'ends with \\ ',
    'a/b',
  ]);
});

test('a message is typed once as well, and not sent off together with what somebody is typing that ends as it does', async () => {
  const message = { text: 'yes', once: 'c-1', isMessage: true };
  const one = program();
  const { services, typed } = worldOf(one);
  await typeLine(services, instance, message, BRIEF);
  await typeLine(services, instance, message, BRIEF);
  expect([typed, one.sent]).toEqual([['yes'], ['yes']]);
  const half = program({ box: 'not yes' });
  const busy = typing(half);
  await expect(typeLine(busy.services, instance, message, BRIEF)).rejects.toMatchObject({ code: 'daemon/box-in-use' });
  expect([busy.typed, half.sent, half.box]).toEqual([[], [], 'not yes']);
});

test('a message that takes several commands is pasted in pieces', async () => {
  const one = program();
  const { services, typed, pasted } = worldOf(one);
  await typeLine(services, instance, { text: 'x'.repeat(700), once: 'c-1', isMessage: true }, BRIEF);
  expect([typed, pasted.map((piece) => piece.length)]).toEqual([[], [600, 100]]);
});

test('a message that a daemon typed before it was killed is sent off by the next one, and not when it was sent', async () => {
  for (const text of ['do it', 'word '.repeat(300).trim()]) {
    const deaf = program({ deafFor: 100 });
    const { services, typed, pasted } = typing(deaf);
    const message = { text, once: 'c-1', isMessage: true };
    await typeLine(services, instance, message, BRIEF);
    const before = [...typed, ...pasted];
    deaf.deafFor = 0;
    const next = servicesWith({ ...services });
    await typeLine(next, instance, { ...message, isAgain: true }, BRIEF);
    expect([deaf.sent, deaf.box]).toEqual([[text], '']);
    // What a person types by now is theirs.
    deaf.box = 'my own';
    await typeLine(next, instance, { ...message, isAgain: true }, BRIEF);
    expect([deaf.sent, deaf.box, [...typed, ...pasted]]).toEqual([[text], 'my own', before]);
  }
});

test('half of a long message that a killed daemon has left in the box is cleared, and the whole is typed', async () => {
  const text = 'word '.repeat(300).trim();
  const one = program({ box: text.slice(0, 600) });
  const { services, keys } = typing(one);
  await typeLine(services, instance, { text, once: 'c-1', isMessage: true, isAgain: true }, BRIEF);
  expect([one.sent, keys]).toEqual([[text], ['C-u', 'Enter']]);
});
