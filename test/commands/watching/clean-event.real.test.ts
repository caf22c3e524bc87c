import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import type { AppEvent } from '../../../src/state/index.ts';
import { openStore } from '../../../src/state/store/open.ts';
import { pastEventsOf } from '../../../src/web/swarm/past-events.ts';
import { testIo } from '../../helpers/io.ts';
import { openSwarm, type Swarm } from '../../helpers/swarm.ts';
import { alert, BY_CLI } from '../../state/store/place.ts';

const DAY_MS = 86_400_000;
const DAYS = 60;

/** A swarm whose journal has one old event for each of the last sixty days, in segments of six. */
const oldSwarm = async (): Promise<Swarm> => {
  const swarm = await openSwarm();
  await swarm.close();
  const { paths } = swarm;
  rmSync(paths.journal, { recursive: true });
  for (const file of [paths.projection, `${paths.projection}.bak`, `${paths.journal}.mark`])
    rmSync(file, { force: true });
  const first = Date.now() - DAYS * DAY_MS;
  let day = 0;
  const now = () => new Date(first + day * DAY_MS).toISOString();
  {
    await using store = await openStore({ paths, now, limits: { events: 6, bytes: 1e6, live: 2 } });
    for (; day < DAYS; day += 1) await store.append([alert(`a${day + 1}`)], BY_CLI);
  }
  await swarm.reopen();
  return swarm;
};

const listed = async (swarm: Swarm): Promise<readonly AppEvent[]> =>
  (await swarm.say('list events')).data as readonly AppEvent[];

test('[STO-5] "clean events" lets go of what is older, and all that looks back says where history begins', async () => {
  await using swarm = await oldSwarm();
  const before = await swarm.state();
  const dry = await swarm.say('clean events older=30d dry-run');
  const { removed, kept } = dry.data as { removed: { events: number }; kept: { from: { seq: number } } };
  const begin = kept.from.seq;
  expect([removed.events, begin % 6, begin > 19 && begin < 32]).toEqual([begin - 1, 1, true]);
  expect((await listed(swarm))[0]!.seq).toBe(1);

  const asked = await swarm.propose('clean events older=30d');
  expect(asked).toMatchObject({ exit: 5, confirm: { targets: [`events 1 to ${begin - 1}`] } });
  const done = await swarm.say(`clean events older=30d confirm=${asked.confirm!.token}`);
  expect(done.message).toContain(`The journal begins with event ${begin} (`);
  const events = await listed(swarm);
  expect(events[0]!.seq).toBe(begin);
  expect(events.at(-1)).toMatchObject({ type: 'command.finished', data: { verb: 'clean', noun: 'event', exit: 0 } });
  for (const line of ['list events', 'list failures'])
    expect((await swarm.say(line)).hint).toContain(`The journal begins with event ${begin} (`);
  expect(await swarm.say('show event 1')).toMatchObject({ exit: 3 });
  // The page draws its curves of what is left.
  const past = pastEventsOf(swarm.paths);
  const last = events.at(-1)!.seq;
  expect((await past(0, last, 'kept'))?.map(({ seq }) => seq)).toEqual(events.map(({ seq }) => seq));
  expect([await past(0, begin - 1, 'kept'), await past(0, last)]).toEqual([[], undefined]);
  const { io, text, printed } = testIo({ cwd: swarm.root, env: swarm.env });
  const followed = main(['events', 'follow', '--from', '1', '--jsonl'], io);
  await printed(new RegExp(`"seq":${last},`, 'u'));
  process.emit('SIGINT', 'SIGINT');
  expect([await followed, text.stderr]).toEqual([0, `drover: the journal begins with event ${begin}\n`]);
  expect((await swarm.say('rebuild state')).message).toMatch(
    /^\d+ events folded again, behind the state of event \d+: equal to what is known; db\.json is written anew\.$/u,
  );
  expect((await swarm.say('verify audit')).exit).toBe(0);
  expect(await swarm.say('list audit')).toMatchObject({
    data: expect.arrayContaining([expect.objectContaining({ command: expect.stringContaining('clean event') })]),
  });

  await swarm.reopen();
  const after = await swarm.state();
  expect([after.alerts, after.tasks]).toEqual([before.alerts, before.tasks]);
  const first = Math.min(...readdirSync(swarm.paths.journal).map((name) => Number(name.slice(0, 12))));
  expect(first).toBe(begin);
});

test('"clean messages" lets go of old lines of what was said while more is said', async () => {
  await using swarm = await openSwarm();
  const { communicationLog } = swarm.paths;
  await swarm.say('status swarm');
  await swarm.close();
  const said = readFileSync(communicationLog, 'utf8');
  const old = `${new Date(Date.now() - 40 * DAY_MS).toISOString()} cli c-0 → status swarm\n`;
  writeFileSync(communicationLog, old.repeat(1000) + said);
  await swarm.reopen();
  const [done] = await Promise.all([
    swarm.say('clean messages older=30d'),
    ...Array.from({ length: 20 }, () => swarm.say('list tasks')),
  ]);
  expect(done).toMatchObject({ exit: 0, data: { removed: { lines: 1000 }, dry_run: false } });
  await swarm.close();
  const left = readFileSync(communicationLog, 'utf8');
  expect([left.startsWith(said), left.match(/→ list tasks/gu)?.length]).toEqual([true, 20]);
});
