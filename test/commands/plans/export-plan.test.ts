import { expect, test } from 'vitest';
import { exportPlan } from '../../../src/commands/plans/export-plan.ts';
import { openDesk } from '../../helpers/desk.ts';
import { edgesOf, planIn } from '../../tasks/formats/plans.ts';
import { created, imported } from '../../tasks/journal.ts';

test('[TSK-11] a gate is written as the tasks that open it', async () => {
  const gate = 'gate:demo/1';
  const facts = [
    imported('demo', ['1', '2', '3']),
    created('1', { spec: 'demo', opens: [gate] }),
    created('2', { spec: 'demo', opens: [gate] }),
    created('3', { spec: 'demo', dependencies: [gate], dependency_rules: { barrier: [gate] } }),
  ];
  const desk = openDesk(exportPlan, facts, { repository: 'r' });
  for (const format of ['taskmaster', 'beads'] as const) {
    const { text, message } = await desk.say(`export plan demo format=${format}`);
    expect(text).not.toContain('gate:');
    const pairs = edgesOf(planIn(format, text)).map((edge) => edge.replace(/ \w[\w-]*$/u, ''));
    expect([format, pairs.map((pair) => pair.replaceAll('demo-', ''))]).toEqual([format, ['3 < 1', '3 < 2']]);
    expect(message).not.toContain('dependency');
  }
});
