import { readdirSync, readFileSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openLedgers } from '../../../src/daemon/logs/ledgers.ts';
import type { Paths } from '../../../src/lib/paths.ts';
import type { Store } from '../../../src/ports/index.ts';
import type { AppEvent, EventDraft, State } from '../../../src/state/index.ts';
import { partOf } from '../../helpers/context.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { stateOf } from '../../state/fold.ts';
import { instanceCreated } from '../../state/story.ts';

const MOST = 4000;
const START = Date.parse('2026-01-01T00:00:00.000Z');
const timeOf = (minute: number): string => new Date(START + minute * 60_000).toISOString();

/** The logs of a daemon in a folder, which turns them over at a small size. */
const openIn = (folder: string) => {
  const paths = partOf<Paths>({ communicationLog: `${folder}/said.log`, colorsLog: `${folder}/colors.log` });
  const created: EventDraft = instanceCreated('claude-1');
  const state = stateOf(created);
  let tell: (events: readonly AppEvent[], state: State) => void = () => undefined;
  const store = partOf<Store>({
    state,
    subscribe: (listener) => {
      tell = listener as typeof tell;
      return () => undefined;
    },
  });
  const redact = (text: string): string => text;
  const ledgers = openLedgers({ paths, store, log: (line) => expect.unreachable(line), secrets: { redact } }, MOST);
  return {
    ledgers,
    say: (minute: number) =>
      ledgers.communicate({
        at: timeOf(minute),
        actor: 'cli',
        correlation: `c-${minute}`,
        direction: '→',
        text: 'status',
      }),
    color: () => tell([{ ...created, seq: 1, at: timeOf(0), actor: 'cli', corr: 'c-1' } as AppEvent], state),
  };
};

const linesOf = (file: string): readonly string[] => readFileSync(file, 'utf8').trimEnd().split('\n');

test('the logs of what was said and of the colours are turned over, and no line is lost in between', async () => {
  using folder = temporaryFolder('ledgers');
  for (let daemon = 0; daemon < 2; daemon += 1) {
    const { ledgers, say, color } = openIn(folder.path);
    for (let n = 0; n < 200; n += 1) {
      say(daemon * 200 + n);
      color();
    }
    await ledgers.flushed();
  }
  expect(readdirSync(folder.path).toSorted()).toEqual(['colors.log', 'colors.log.1', 'said.log', 'said.log.1']);
  for (const name of readdirSync(folder.path))
    expect(statSync(`${folder.path}/${name}`).size).toBeLessThanOrEqual(MOST);
  const said = [...linesOf(`${folder.path}/said.log.1`), ...linesOf(`${folder.path}/said.log`)];
  expect(said).toEqual(
    Array.from({ length: said.length }, (_, n) => expect.stringContaining(` c-${400 - said.length + n} `)),
  );
});

test('old lines of what was said are let go of in what was turned over first', async () => {
  using folder = temporaryFolder('ledgers');
  const { ledgers, say } = openIn(folder.path);
  for (let n = 0; n < 100; n += 1) say(n);
  await ledgers.flushed();
  const older = linesOf(`${folder.path}/said.log.1`).length;
  const all = older + linesOf(`${folder.path}/said.log`).length;
  const first = 100 - all;
  const within = START + (first + 3) * 60_000;
  expect(await ledgers.messages.letGo(within)).toMatchObject({
    old: { lines: 3, from: timeOf(first), to: timeOf(first + 2) },
    kept: { from: timeOf(first + 3) },
  });
  const beyond = START + (first + older + 2) * 60_000;
  const found = await ledgers.messages.old(beyond);
  expect(found).toMatchObject({
    old: { lines: older - 1, from: timeOf(first + 3), to: timeOf(first + older + 1) },
    kept: { from: timeOf(first + older + 2) },
  });
  expect(await ledgers.messages.letGo(beyond)).toEqual(found);
  say(100);
  await ledgers.flushed();
  expect(readdirSync(folder.path)).toEqual(['said.log']);
  expect(linesOf(`${folder.path}/said.log`)).toHaveLength(all - older - 2 + 1);
});
