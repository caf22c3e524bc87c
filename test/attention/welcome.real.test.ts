import { expect, test } from 'vitest';
import { attentionOf } from '../../src/attention/attention.ts';
import { welcomeOf } from '../../src/attention/welcome.ts';
import { openLookout } from '../../src/cli/screen/surroundings.ts';
import { settingsSchema } from '../../src/state/settings.ts';
import { openSwarm, type Swarm } from '../helpers/swarm.ts';

const PLAN = '# Plan\n\n- [ ] 1. First part\n- [ ] 2. Second part\n';

/** What the empty screen of this swarm offers to say, as things stand. */
const offersIn = async (swarm: Swarm): Promise<readonly string[]> => {
  const state = await swarm.state();
  const settings = settingsSchema.parse({ agent: 'rehearsal', rehearsal: { plans: true } });
  const surroundings = (await openLookout(swarm.root, { settings }, '', { isWanted: () => true }))();
  const attention = attentionOf(state, surroundings);
  return welcomeOf(state, attention, surroundings)
    .offers.filter(({ isForShell }) => !isForShell)
    .flatMap(({ commands }) => commands);
};

test('[TUI-9] what the empty screen offers works: a plan, a task, agents, a review, a merge and a delivery', async () => {
  await using swarm = await openSwarm({
    settings: { agent: 'rehearsal', rehearsal: { plans: true } },
    files: { '.kiro/specs/cart/tasks.md': PLAN },
  });
  const first = await offersIn(swarm);
  expect(first).toEqual(['import spec .kiro/specs/cart', 'create task "…"', 'launch 3 instances agent=rehearsal']);
  for (const offer of first.slice(0, 2))
    expect([offer, await swarm.say(offer.replace('…', 'Third part'))]).toMatchObject([offer, { exit: 0 }]);
  const [launch] = await offersIn(swarm);
  expect(launch).toMatch(/^launch \d instances$/u);
  expect(await swarm.say(launch!)).toMatchObject({ exit: 0 });
  expect(await swarm.say('run all tasks wait')).toMatchObject({ exit: 0 });
  expect(await swarm.say('remove all instances')).toMatchObject({ exit: 0 });
  const finished = await offersIn(swarm);
  expect(finished).toEqual([expect.stringMatching(/^review task /u), 'merge completed branches']);
  for (const offer of finished) expect([offer, await swarm.say(offer)]).toMatchObject([offer, { exit: 0 }]);
  const { data } = await swarm.say('status');
  const deliver = (data as { next: { kind: string; why: string; command: string }[] }).next.find(
    ({ kind }) => kind === 'deliver',
  );
  expect(deliver).toMatchObject({
    why: '6 commits merged, to deliver to main',
    command: 'merge completed branches to=main',
  });
  expect(await swarm.say(deliver!.command)).toMatchObject({ exit: 0 });
  expect(swarm.git('rev-parse', 'main')).toBe(swarm.git('rev-parse', 'drover/integration'));
  expect((await swarm.say('status')).message).not.toContain('deliver');
});
