import { expect, test } from 'vitest';
import { cleanEvent } from '../../../src/commands/watching/clean-event.ts';
import { listEvent } from '../../../src/commands/watching/list-event.ts';
import { showEvent } from '../../../src/commands/watching/show-event.ts';
import { contextWith, partOf } from '../../helpers/context.ts';
import type { Context } from '../../../src/commands/define.ts';
import { dispatch } from '../../../src/commands/dispatch.ts';
import { settingsSchema } from '../../../src/state/settings.ts';
import { openStore } from '../../../src/state/store/open.ts';
import { documented } from '../../helpers/documented.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { languageOf } from '../../helpers/desk.ts';
import { personOf } from '../../helpers/context.ts';
import { alert, BY_CLI, listed, optionsIn } from '../../state/store/place.ts';

const DAY_MS = 86_400_000;
const FIRST = Date.parse('2026-01-01T00:00:00.000Z');
const dayOf = (n: number): string => new Date(FIRST + (n - 1) * DAY_MS).toISOString();

/** A real journal of fourteen events, one a day, in segments of four, and somebody who says commands on its last day. */
const openJournal = async () => {
  const folder = temporaryFolder('clean-event');
  let day = 1;
  const now = () => dayOf(day);
  const store = await openStore(optionsIn(folder.path, { now, limits: { events: 4, bytes: 1e6, live: 1 } }));
  for (; day <= 14; day += 1) await store.append([alert(`a${day}`)], BY_CLI);
  day = 14;
  const language = languageOf([cleanEvent, listEvent, showEvent]);
  const actor = personOf('cli', 'operator');
  const context = contextWith({
    earlier: [],
    ...{ language, store, actor, correlation: 'c-1', saidAt: undefined, confirmKey: 'a key', now },
    decide: async (facts) => store.append(facts(store.state), BY_CLI),
    history: partOf<Context['history']>({ events: store.history }),
    settings: settingsSchema.parse({}),
  });
  const view = { columns: 120, color: false };
  const tell = async (text: string, yes: boolean) =>
    documented(language, text, await dispatch(context, { id: '', text, yes, view }), actor);
  return {
    store,
    say: (text: string) => tell(text, true),
    propose: (text: string) => tell(text, false),
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
};

const seqs = async ({ store }: Awaited<ReturnType<typeof openJournal>>): Promise<readonly number[]> =>
  (await listed(store)).map(({ seq }) => seq);

test('[STO-5] old events go by the file: first it is said which, from when to when and what that frees', async () => {
  await using journal = await openJournal();
  const dry = await journal.say('clean events older=5d dry-run');
  expect(dry.message).toBe(
    'This would let go of 8 events, 1 (2026-01-01T00:00:00Z) to 8 (2026-01-08T00:00:00Z), and free 0.0 MB. The journal begins with event 9 (2026-01-09T00:00:00Z) then.',
  );
  expect(dry.data).toMatchObject({
    removed: { events: 8, from: { seq: 1, at: dayOf(1) }, to: { seq: 8, at: dayOf(8) }, files: 2 },
    kept: { from: { seq: 9, at: dayOf(9) } },
    dry_run: true,
  });
  const asked = await journal.propose('clean events older=5d');
  expect(asked).toMatchObject({
    exit: 5,
    confirm: {
      targets: ['events 1 to 8'],
      loses: expect.stringMatching(
        /^This lets go of 8 events, 1 \(.*\) to 8 \(.*\), for good, and frees .* "drover backup create FILE" keeps a copy of all first\.$/u,
      ),
    },
  });
  expect(await seqs(journal)).toContain(1);
  const done = await journal.say('clean events older=5d');
  expect(done).toMatchObject({
    exit: 0,
    message:
      'Let go of 8 events, 1 (2026-01-01T00:00:00Z) to 8 (2026-01-08T00:00:00Z); 0.0 MB are free again. The journal begins with event 9 (2026-01-09T00:00:00Z) now.',
    sideEffects: ['8 events removed from the journal: 1 to 8'],
  });
  expect((await seqs(journal))[0]).toBe(9);
  expect(Object.keys(journal.store.state.alerts)).toHaveLength(14);
});

test('nothing is asked where nothing is old enough, and the answer says with what the journal begins', async () => {
  await using journal = await openJournal();
  expect(await journal.propose('clean events older=30d')).toMatchObject({
    exit: 0,
    message:
      'No event is let go of: the journal begins with event 1 (2026-01-01T00:00:00Z), and events go by the file, when all in it are older than 30d. The file that is written to stays.',
    data: { removed: null, dry_run: false },
  });
  expect((await journal.say('clean events older=30d dry-run')).data).toMatchObject({ removed: null, dry_run: true });
});

test('an age has to be said, and is an hour or more, because requests are known again by what is younger', async () => {
  await using journal = await openJournal();
  expect(await journal.say('clean events')).toMatchObject({
    exit: 2,
    message: expect.stringContaining('say how old, as older=30d'),
  });
  for (const older of ['59m', '0s', 'soon'])
    expect(await journal.say(`clean events older=${older}`)).toMatchObject({
      exit: 2,
      message: expect.stringContaining('it is a time of an hour or more, like 24h or 30d'),
    });
  expect(await seqs(journal)).toContain(1);
});

test('whoever asks for events that are gone hears where the journal begins, and whoever does not is told nothing', async () => {
  await using journal = await openJournal();
  expect((await journal.say('list events')).hint).toBeNull();
  await journal.say('clean events older=5d');
  const begins = 'The journal begins with event 9 (2026-01-09T00:00:00Z): what happened before is not kept.';
  expect((await journal.say('list events')).hint).toBe(begins);
  expect((await journal.say('list events since=3')).hint).toBe(begins);
  expect((await journal.say('list events since=2026-01-02')).hint).toBe(begins);
  for (const words of ['since=9', 'since=2026-01-10', 'limit=2'])
    expect([words, (await journal.say(`list events ${words}`)).hint]).toEqual([words, null]);
  expect(await journal.say('show event 3')).toMatchObject({ exit: 3, hint: expect.stringContaining('9 to ') });
});
