import { expect, test } from 'vitest';
import type { EventDraft } from '../../../src/state/index.ts';
import { metricsTab } from '../../../src/tui/tabs/metrics.ts';
import { moved, started, task, threeAgents } from '../fake-swarm.ts';
import { commandOf, tabContext, textOf } from './tab-context.ts';

const verified = (id: string, check_ms = 5): EventDraft =>
  ({
    type: 'run.verified',
    data: {
      id,
      result: {
        head_commit: 'b',
        commits: 1,
        files: 1,
        insertions: 1,
        deletions: 0,
        check_ms,
        check_output: '',
      },
    },
  }) as EventDraft;

test('a run counts once: as failed where the check after its merge failed, and not at all where a person ended it', () => {
  const failing = (id: string, kind: 'gate' | 'stopped'): EventDraft => ({
    type: 'run.failed',
    data: { id, failure: { class: kind, message: 'no' } },
  });
  const claimed: EventDraft = { type: 'run.claimed', data: { id: '2.1', summary: null } };
  const context = tabContext([
    ...threeAgents,
    claimed,
    verified('2.1'),
    failing('2.1', 'gate'),
    failing('2.2', 'stopped'),
  ]);
  const [swarm, agents] = textOf(metricsTab.body(context));
  expect(swarm).toEqual(expect.arrayContaining([expect.stringMatching(/runs +0 done, 1 failed/)]));
  expect(agents!.find((line) => line.includes('rehearsal-1'))).toMatch(/✔ 0 {2}✖ 1/);
  expect(agents!.find((line) => line.includes('rehearsal-2'))).not.toMatch(/✖/);
});

test('an agent that waits for a person, or is paused, is not at work meanwhile', () => {
  const share = (...more: readonly EventDraft[]) => {
    const context = tabContext([...threeAgents, task('9', 'x'), ...started('9', 'rehearsal-3'), ...more]);
    return textOf(metricsTab.body(context))[1]!.find((line) => line.includes('rehearsal-3'));
  };
  expect(share()).toMatch(/ 100% /);
  expect(share(moved('rehearsal-3', 'working'), moved('rehearsal-3', 'waiting'))).toMatch(/ 0% /);
});

test('[TUI-6] metrics say how much is done, how quickly and by whom', () => {
  const failing: EventDraft = {
    type: 'run.failed',
    data: { id: '2.2', failure: { class: 'check', message: 'no' } },
  };
  const claimed: EventDraft = { type: 'run.claimed', data: { id: '2.1', summary: null } };
  const context = tabContext([
    ...threeAgents,
    claimed,
    verified('2.1'),
    failing,
    task('9', 'x'),
    ...started('9', 'rehearsal-3'),
  ]);
  const [swarm, agents] = textOf(metricsTab.body(context));
  expect(agents!.slice(1).map((line) => line.trim().slice(0, 13))).toEqual([
    '■ rehearsal-1',
    '✔ 2.1 verifie',
    '■ rehearsal-2',
    '✖ 2.2 failed',
    '■ rehearsal-3',
    '9 x',
  ]);
  expect(swarm).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/tasks done +▰▰▰▱▱▱▱▱▱▱ 1 of 4/),
      expect.stringMatching(/over time +\d\d:\d\d–\d\d:\d\d, \ds a column/),
      expect.stringMatching(/at work +█+ {2}2 now/),
      expect.stringMatching(/left +█+ {2}3 now/),
      expect.stringMatching(/^ +0\.0s {2}2\.1 Parse the lines/),
      expect.stringMatching(/runs +1 done, 1 failed/),
      expect.stringMatching(/passed the check +1 of 2 runs, 50%/),
    ]),
  );
  expect(agents![1]).toMatch(/■ rehearsal-1 +▱+ +0% {2}✔ 1/);
  expect(agents![3]).toMatch(/rehearsal-2 .*✔ 0 {2}✖ 1/);
  expect(agents![5]).toMatch(/rehearsal-3 +▰{10} 100%/);
  expect(commandOf(metricsTab, 'enter', 'rehearsal-1', context)).toBe('show instance rehearsal-1');
  const [nothing, nobody] = textOf(metricsTab.body(tabContext([])));
  expect(nothing).toEqual(expect.arrayContaining([expect.stringMatching(/a task takes +not known yet/)]));
  expect(nobody![1]).toBe('(No agent.)');
});

test('where no task has a check nothing is said to have passed one', () => {
  const [swarm] = textOf(metricsTab.body(tabContext([...threeAgents, verified('2.1', 0)])));
  expect(swarm).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/runs +1 done, 0 failed/),
      expect.stringMatching(/passed the check +nothing was checked$/),
      expect.stringMatching(/done, unchecked +1 task$/),
    ]),
  );
  expect(swarm!.join('\n')).not.toMatch(/verified|%/);
});

test('[TUI-6] metrics use the room: curves go over the width and the height, and the slowest tasks get a column', () => {
  const many = Array.from({ length: 30 }, (_, i) => `t${i}`).flatMap((id): EventDraft[] => [
    task(id, `Task ${id}`),
    ...started(id, 'rehearsal-3'),
    { type: 'run.claimed', data: { id, summary: null } },
    verified(id),
  ]);
  const bodyIn = (width: number, height: number) => {
    const context = tabContext([...threeAgents, ...many], { width });
    return textOf(metricsTab.body({ ...context, size: { width, height } }));
  };
  const barsIn = (lines: readonly string[] | undefined) =>
    lines!
      .map((line) => /(?:^ {18}|^ at work +)(?<bar>█+)/u.exec(line)?.groups?.['bar'])
      .filter((bar) => bar !== undefined);
  const [small, agents, none] = bodyIn(140, 20);
  expect([barsIn(small).map(({ length }) => length), none]).toEqual([[38], undefined]);
  expect(agents).toContainEqual('   ✔ t29 verified | 0.0s a task');
  const [large, , slowest] = bodyIn(300, 76);
  // Two at work are two rows high; of what many were at once there are as many rows as there is room for.
  expect(barsIn(large).filter(({ length }) => length > 80)).toHaveLength(4);
  expect(barsIn(large).filter(({ length }) => length === 1)).toHaveLength(11);
  expect([slowest![0], slowest!.length]).toEqual(['slowest tasks  of 30 tasks', 31]);
  expect(large!.join('\n')).not.toMatch(/slowest/u);
  // Narrow and high: more of them than few.
  expect(bodyIn(140, 76)[0]!.filter((line) => / t\d+ Task/u.test(line)).length).toBeGreaterThan(20);
});

test('the selected agent is marked by its name, and not by a bar over the whole column', () => {
  const { lines } = metricsTab.body(tabContext(threeAgents)).columns[1]!;
  expect(lines[0]!.chosen!.filter(({ inverse }) => inverse).map(({ text }) => text)).toEqual(['rehearsal-1']);
});

test('of an even number of runs the median is the mean of the two in the middle', () => {
  const medianOf = (...seconds: readonly number[]) => {
    const ids = seconds.map((_, i) => `m${i}`);
    const context = tabContext([
      ...threeAgents,
      ...ids.flatMap((id): EventDraft[] => [
        task(id, id),
        ...started(id, 'rehearsal-3'),
        { type: 'run.claimed', data: { id, summary: null } },
        verified(id),
      ]),
    ]);
    const tasks = { ...context.state.tasks };
    for (const [i, id] of ids.entries()) {
      const run = tasks[id]!.run!;
      const ended_at = new Date(Date.parse(run.started_at) + seconds[i]! * 1000).toISOString();
      tasks[id] = { ...tasks[id]!, run: { ...run, ended_at } };
    }
    const [swarm] = textOf(metricsTab.body({ ...context, state: { ...context.state, tasks } }));
    return swarm!.find((line) => line.includes('a task takes'));
  };
  expect(medianOf(20, 4, 16, 6)).toMatch(/ 11s \(median of 4\)/u);
  expect(medianOf(16, 4, 6)).toMatch(/ 6s \(median of 3\)/u);
});

test('[TUI-6] on 40 columns the numbers stand below each other, what matters first, and nothing that has to be read is cut', () => {
  const context = tabContext([...threeAgents, moved('rehearsal-3', 'waiting', 'Which?')]);
  const own = { ...context, size: { width: 40, height: 4 } };
  const body = metricsTab.body(own);
  const [lines, ...others] = textOf(body);
  expect(others).toEqual([]);
  expect(lines!.slice(1, 4)).toEqual([
    ' tasks done       ▱▱▱▱▱▱▱▱▱▱ 0 of 3',
    ' need you         1 now',
    ' money            not reported',
  ]);
  expect(lines!.filter((line) => line.length > 40)).toEqual([]);
  // They scroll line by line: nothing is selected that would hide the numbers.
  expect(body.columns[0]!.lines.filter(({ id }) => id !== undefined)).toEqual([]);
  expect(metricsTab.keys[0]!.isOfUse!(own, null)).toBe(false);
});

test('on 80 columns the numbers of the swarm and the title above the agents are whole', () => {
  const failing: EventDraft = { type: 'run.failed', data: { id: '2.2', failure: { class: 'check', message: 'no' } } };
  const context = tabContext([...threeAgents, failing]);
  const late = { id: '2.1', worked: 52_000, estimate: 11_000 };
  const outlook = { leftMs: 4000, next: null, foretold: 1, open: 4, late };
  const body = metricsTab.body({ ...context, outlook, size: { width: 80, height: 15 } });
  const [swarm, agents] = textOf(body);
  const width = 39;
  expect(swarm!.filter((line) => line.length > width)).toEqual([]);
  expect(swarm).toEqual(
    expect.arrayContaining([
      ' time             ≈4s left for 1 of 4',
      '                  2.1 takes 52s,',
      '                  estimated 11s',
      expect.stringMatching(/^ left .* 3 now$/u),
    ]),
  );
  expect(agents![0]!.length).toBeLessThanOrEqual(width);
  expect(agents![3]).toMatch(/^ ■ rehearsal-2 +\d+% {2}✔ 0 {2}✖ 1$/u);
});
