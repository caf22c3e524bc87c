import { expect, test } from 'vitest';
import type { EventDraft } from '../../../src/state/index.ts';
import { metricsTab, overlaps, throughput } from '../../../src/tui/tabs/metrics.ts';
import { started, task, threeAgents } from '../fake-swarm.ts';
import { commandOf, tabContext, textOf } from './tab-context.ts';

const verified = (id: string): EventDraft =>
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
        check_ms: 5,
        check_output: '',
      },
    },
  }) as EventDraft;

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
  expect(swarm).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/tasks done +▰▰▰▱▱▱▱▱▱▱ 1 of 4/),
      expect.stringMatching(/time +\d\d:\d\d to \d\d:\d\d, a cell is \ds/),
      expect.stringMatching(/at work +█▃+ {2}2 now/),
      expect.stringMatching(/left +█+ {2}3 now/),
      expect.stringMatching(/slowest tasks +0\.0s {2}2\.1 Parse the lines/),
      expect.stringMatching(/runs +1 verified, 1 failed/),
      expect.stringMatching(/passed the check +50% of runs/),
    ]),
  );
  expect(agents![1]).toMatch(/■ rehearsal-1 +▱+ +0% {2}✔ 1/);
  expect(agents![2]).toMatch(/rehearsal-2 .*✔ 0 {2}✖ 1/);
  expect(agents![3]).toMatch(/rehearsal-3 +▰{10} 100%/);
  expect(commandOf(metricsTab, 'enter', 'rehearsal-1', context)).toBe('show instance rehearsal-1');
  const [nothing, nobody] = textOf(metricsTab.body(tabContext([])));
  expect(nothing).toEqual(expect.arrayContaining([expect.stringMatching(/a task takes +not known yet/)]));
  expect(nobody![1]).toBe('(No agent.)');
});

test('what was verified is counted in the part of the time in which it was', () => {
  const at = (ms: number) => new Date(ms).toISOString();
  const run = (from: number, to: number | null) => ({
    started_at: at(from),
    ended_at: to === null ? null : at(to),
    result: to === null ? null : {},
  });
  expect(throughput([run(0, 10), run(10, 100), run(20, 99), run(50, null)], 4, 100)).toEqual([1, 0, 0, 2]);
  expect(throughput([], 3, 100)).toEqual([0, 0, 0]);
});

test('what overlaps is counted in each part of the time that it touches', () => {
  expect(
    overlaps(
      [
        [0, 100],
        [50, 60],
        [90, 100],
      ],
      4,
      [0, 100],
    ),
  ).toEqual([1, 1, 2, 2]);
  expect(overlaps([], 2, [0, 0])).toEqual([0, 0]);
});
