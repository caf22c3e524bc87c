import { expect, test } from 'vitest';
import type { EventDraft } from '../../../src/state/index.ts';
import { makeActivitySampler } from '../../../src/tui/model/activity-sampler.ts';
import { metricsTab, throughput } from '../../../src/tui/tabs/metrics.ts';
import { started, stateOf, task, threeAgents } from '../fake-swarm.ts';
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
  const sampler = makeActivitySampler(() => 0);
  sampler.take(stateOf(threeAgents));
  sampler.take(stateOf([]));
  expect(sampler.samples).toEqual([{ at: 0, working: 2, needing: 0, done: 0 }]);
  const claimed: EventDraft = { type: 'run.claimed', data: { id: '2.1', summary: null } };
  const context = tabContext(
    [...threeAgents, claimed, verified('2.1'), failing, task('9', 'x'), ...started('9', 'rehearsal-3')],
    {
      samples: sampler.samples,
    },
  );
  const [swarm, agents] = textOf(metricsTab.body(context));
  expect(swarm).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/tasks done +▰▰▰▱▱▱▱▱▱▱ 1 of 4/),
      expect.stringMatching(/at work +█ +2 now/),
      expect.stringMatching(/runs +1 verified, 1 failed/),
      expect.stringMatching(/claims that held +50%/),
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
