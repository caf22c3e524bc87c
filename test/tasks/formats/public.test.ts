import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { PlanFormatId } from '../../../src/state/specs.ts';
import { planFormat, planFormats, tickPlan } from '../../../src/tasks/formats/index.ts';
import { planIn } from './plans.ts';

type Skeleton = { readonly format: PlanFormatId; readonly place: string; readonly text: string };

/** How plans in public repositories are built: boxes, numbers, marks and records, without their words. */
const skeletons = readFileSync('test/fixtures/plans/public.jsonl', 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Skeleton);

const leavesIn = ({ format, text }: Skeleton) =>
  planFormat(format)
    .read({ tasksText: text, policy: 'none', barrier: false })
    .parsed.tasks.filter(({ leaf }) => leaf);

const isRecords = ({ format }: Skeleton): boolean => format === 'taskmaster' || format === 'beads';

test('[TSK-11] plans as people have them are recognised by one format, and read without a mistake', () => {
  expect(skeletons.length).toBeGreaterThan(150);
  for (const { format, place, text } of skeletons) {
    expect(planFormats.filter((one) => one.recognises(place, text)).map(({ id }) => id)).toEqual([format]);
    expect(planIn(format, text).plans.length).toBeGreaterThan(0);
  }
});

test('[TSK-11] whether a task is done is what stands in its box', () => {
  for (const one of skeletons.filter((skeleton) => !isRecords(skeleton))) {
    const lines = one.text.split('\n');
    for (const { line, state, times } of leavesIn(one)) {
      const box = /\[(?<mark>.?)\]/u.exec(lines[line - 1]!);
      if (!box || times > 1 || lines[line - 1]!.startsWith('#')) continue;
      expect([one.text, line, state === 'done']).toEqual([one.text, line, /[xX✅✓☑]/u.test(box.groups!['mark']!)]);
    }
  }
});

test('[TSK-11] and ticking all of it changes marks and nothing else', () => {
  for (const one of skeletons) {
    const ticked = tickPlan(planFormat(one.format), one.text, leavesIn(one)).text;
    const bare = (text: string): string =>
      isRecords(one)
        ? text.replace(/"status":"[^"]*"/gu, '"status"')
        : text.replace(/\[.?\]/gu, '[]').replace(/[⬜☐🔲🔄🚧⏳❌✅]\uFE0F?/gu, '□');
    expect(bare(ticked)).toBe(bare(one.text));
  }
});
