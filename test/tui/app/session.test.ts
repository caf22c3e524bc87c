import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import type { TuiOptions } from '../../../src/tui/app/options.ts';
import { makeSession } from '../../../src/tui/app/session.ts';
import { UNREAD_MS } from '../../../src/tui/control/dialog-keys.ts';
import type { ScreenModel } from '../../../src/tui/model/screen-model.ts';
import { promptText } from '../../../src/tui/prompt/prompt-state.ts';
import { panels } from '../../../src/tui/panels/index.ts';
import type { Reply } from '../../../src/ports/swarm.ts';
import type { EventDraft } from '../../../src/state/index.ts';
import type { Query, QueryAnswers } from '../../../src/tui/tabs/tab.ts';
import type { Piece } from '../../../src/tui/widgets/pieces.ts';
import { key, text } from '../control/press-keys.ts';
import { askToConfirm, CONFIRMED } from '../control/screens.ts';
import { created as task, instance, started, verified } from '../../tasks/journal.ts';
import { fakeSwarm, NOW, reply, threeAgents } from '../fake-swarm.ts';

/** A session whose pictures, queries and memories a test looks at; nothing reaches a terminal. */
const openSession = (
  changes: Partial<TuiOptions> = {},
  { drafts = threeAgents, answers = new Map() }: { drafts?: readonly EventDraft[]; answers?: QueryAnswers } = {},
) => {
  const client = fakeSwarm(drafts);
  const wanted: Query[] = [];
  const pictures: ScreenModel[] = [];
  const lines: ScreenModel[] = [];
  const later: (() => void)[] = [];
  const told: string[] = [];
  const ignore = (): void => undefined;
  const io: TuiOptions['io'] = {
    keys: { open: ignore, close: ignore },
    output: { write: () => true, writeNow: ignore, onDrain: ignore },
    env: {},
    size: () => ({ columns: 120, rows: 36 }),
    onResize: () => ignore,
    handOver: async () => 0,
    endGuest: ignore,
    stop: ignore,
    host: new EventEmitter(),
  };
  const options: TuiOptions = {
    client,
    io,
    repository: 'main-repo',
    follow: () => ({ close: ignore }),
    guest: () => null,
    hint: (says) => ({ kind: 'ok', says }),
    complete: () => [],
    remember: (entered) => void told.push(`remember ${entered}`),
    onPreferences: ({ mouse }) => void told.push(`mouse ${mouse}`),
    ask: async () => reply(),
    now: () => NOW,
    ...changes,
  };
  const session = makeSession(options, {
    compositor: { setPanes: ignore, setMouse: ignore, setCursor: ignore, touch: (id) => void told.push(`touch ${id}`) },
    screens: { follow: ignore, get: () => undefined, close: ignore },
    typingHost: {
      begin: ignore,
      type: ignore,
      terminal: () => undefined,
      mouse: 'none',
      end: ignore,
      close: async () => undefined,
    },
    scrollback: { show: ignore, read: undefined },
    renderer: { show: (model) => void pictures.push(model), showLine: (model) => void lines.push(model) },
    queryCache: {
      answers,
      want: (asked) => {
        wanted.push(...asked);
        told.push(`want ${asked.map(({ text: command }) => command).join(', ')}`);
      },
    },
    clock: options.now!,
    redrawIn: (ms) => void told.push(`redraw in ${ms}`),
    soon: (work) => void later.push(work),
  });
  return { session, client, pictures, lines, later, told, wanted, io };
};

test('keys become effects, and what was entered is remembered', () => {
  const { session, told } = openSession();
  expect(session.keys([text('list tasks'), key('enter')])).toEqual([{ kind: 'run', text: 'list tasks' }]);
  expect(told).toEqual(['remember list tasks']);
  expect(session.keys([{ kind: 'shown' }])).toEqual([]);
});

test('a picture has the swarm as it is, and what the command line previews', () => {
  const { session, client, pictures } = openSession();
  session.keys([text('stop all')]);
  client.setConnected(false);
  session.draw();
  const [picture] = pictures;
  expect(picture).toMatchObject({
    connected: false,
    repository: 'main-repo',
    hint: { kind: 'ok', says: 'stop all' },
  });
  expect(promptText(picture!.screen.prompt)).toBe('stop all');
  expect(picture!.instances).toHaveLength(3);
});

test('a character in the command line draws that line alone; whatever else has changed draws everything', () => {
  let size = { columns: 120, rows: 36 };
  const { session, pictures, lines, later, told, io } = openSession();
  io.size = () => size;
  const echoed = (...events: Parameters<typeof session.keys>[0]): [number, number] => {
    const before = [pictures.length, lines.length] as const;
    session.keys(events);
    session.echo();
    for (const work of later.splice(0)) work();
    return [pictures.length - before[0], lines.length - before[1]];
  };
  expect(echoed(text('l'))).toEqual([1, 0]);
  const wanted = told.length;
  const line = [0, 2];
  expect([echoed(text('i')), echoed(text('st')), echoed(key('left'))]).toEqual([line, line, line]);
  expect(lines.at(-1)).toMatchObject({ hint: { says: 'list' }, screen: session.screen, repository: 'main-repo' });
  // Nothing is asked of the swarm for it, and a key that changes nothing draws nothing.
  expect([told.length, echoed({ kind: 'other' })]).toEqual([wanted, [0, 0]]);
  size = { columns: 100, rows: 30 };
  expect(echoed(text('x'))).toEqual([1, 0]);
  session.apply({ kind: 'noticed', text: 'news' });
  expect(echoed(text('z'))).toEqual([1, 0]);
  expect(echoed(key('esc'))).toEqual([1, 0]);
});

test('what a command would do is found when the character is on the screen, and once for a burst', () => {
  const asked: string[] = [];
  const { session, lines, later } = openSession({
    hint: (says) => {
      asked.push(says);
      return { kind: 'ok', says };
    },
    complete: () => [{ word: 'status', help: '' }],
  });
  const type = (typed: string): ScreenModel => {
    session.keys([text(typed)]);
    session.echo();
    return lines.at(-1)!;
  };
  session.draw();
  // Of an empty line nothing was known.
  expect(type('s')).toMatchObject({ hint: { says: 's' }, ghost: 'tatus' });
  // The grey text stays where it is right.
  expect([type('t'), type('a')].map(({ hint, ghost }) => [hint, ghost])).toEqual([
    [{ kind: 'ok', says: 's' }, 'atus'],
    [{ kind: 'ok', says: 's' }, 'tus'],
  ]);
  expect(asked).toEqual(['s']);
  for (const work of later.splice(0)) work();
  expect([asked, lines.at(-1)!.hint]).toEqual([['s', 'sta'], { kind: 'ok', says: 'sta' }]);
  expect(type('x')).toMatchObject({ hint: { says: 'sta' }, ghost: '' });
  // A whole picture knows it as well.
  session.draw();
  for (const work of later.splice(0)) work();
  expect(asked).toEqual(['s', 'sta', 'stax']);
  session.keys([key('ctrl+u')]);
  session.echo();
  expect(lines.at(-1)).toMatchObject({ hint: null, ghost: '' });
});

test('what comes in the way of a delivery is looked for often only while somebody is there, or it is new', () => {
  let now = NOW;
  const answers = new Map<string, Reply>();
  const drafts = [
    ...[...instance('a-1'), task('1'), started('1', 'a-1'), verified('1')],
    { type: 'batch.started', data: { id: 'batch-1', target: 'i', base_commit: 'c', tasks: ['1'] } },
    { type: 'batch.merged', data: { id: 'batch-1', task: '1', branch: 'b', commit: 'c1' } },
    { type: 'batch.finished', data: { id: 'batch-1' } },
  ] as readonly EventDraft[];
  const { session, wanted } = openSession({ now: () => now }, { drafts, answers });
  const everyAfter = (ms: number): number | undefined => {
    now += ms;
    session.draw();
    return wanted.findLast(({ text: command }) => command === 'status git')?.everyMs;
  };
  expect(everyAfter(0)).toBe(15_000);
  const say = (commits: number) =>
    answers.set('status git', reply({ data: { delivery: { branch: 'main', commits, own: 0, integration: 'i' } } }));
  say(1);
  now += 3_600_000;
  expect([everyAfter(0), everyAfter(59_000), everyAfter(1000)]).toEqual([3000, 3000, 15_000]);
  session.keys([key('down')]);
  expect([everyAfter(0), everyAfter(60_000)]).toEqual([3000, 15_000]);
  say(2);
  expect([everyAfter(0), everyAfter(60_000)]).toEqual([3000, 15_000]);
});

test('what the open view asks is wanted, of the panes what their agents use', () => {
  const { session, told } = openSession();
  session.draw();
  session.keys([key('esc'), text('2')]);
  const { open } = session.screen.tabs;
  session.draw();
  expect(open).not.toBe('agents');
  expect(told.filter((line) => line.startsWith('want '))).toHaveLength(2);
  expect(told[0]).not.toBe('want ');
});

test('an answer to a command stands on the screen', () => {
  const { session } = openSession();
  session.apply({ kind: 'replied', command: 'list', reply: reply({ message: 'three tasks' }), queued: [] });
  expect(session.screen.commands.message).toMatchObject({ tone: 'ok', text: 'three tasks' });
});

test('while the screen is frozen nothing is drawn', () => {
  const { session, pictures } = openSession();
  session.draw();
  session.keys([key('esc'), text('f')]);
  session.draw();
  session.draw();
  expect([session.screen.isFrozen, pictures.length]).toEqual([true, 2]);
  session.keys([key('f5')]);
  session.draw();
  expect([session.screen.isFrozen, pictures.length]).toEqual([false, 3]);
});

test('a change of how the screen is liked is told', () => {
  const { session, told } = openSession();
  session.draw();
  session.keys([key('esc'), text('F')]);
  session.draw();
  expect(told.filter((line) => line.startsWith('mouse '))).toEqual(['mouse false']);
});

test('a question that came by itself shows when it takes a Yes, and not only that it took none', () => {
  let at = NOW;
  const { session, pictures, told } = openSession({ now: () => at });
  const drawn = (): boolean => {
    session.draw();
    const model = pictures.at(-1)!;
    const pieces = ['overlay', 'prompt'].flatMap((id) => {
      const panel = panels.find((one) => one.id === id)!;
      const { lines = [], below = [] } = panel.select(model, panel.rect(model)!) as Record<string, Piece[][]>;
      return [...lines.slice(-1).flat(), ...below.slice(-1).flat()].filter(({ text: said }) => said.trim() !== '');
    });
    expect(pieces.map(({ text: said }) => said).join('')).toMatch(/No.*Yes.*yes.*choose/u);
    return pieces.some(({ bold, inverse }) => bold || inverse);
  };
  session.apply(askToConfirm('stop all', 't'));
  expect(drawn()).toBe(false);
  expect(told).toContain(`redraw in ${UNREAD_MS}`);
  at += UNREAD_MS - 1;
  expect(session.keys([text('y')])).toEqual([]);
  expect(drawn()).toBe(false);
  expect(told).toContain('redraw in 1');
  at += 1;
  expect(drawn()).toBe(true);
  expect(session.keys([text('y')])).toEqual([CONFIRMED]);
});
