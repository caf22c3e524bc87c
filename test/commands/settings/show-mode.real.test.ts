import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';

test('[AGT-7] "modes list" and "modes show beast" tell autonomy, retries, arguments and what the brief says', async () => {
  await using swarm = await openSwarm({
    settings: {
      agent: 'rehearsal',
      modes: { careful: { args: { rehearsal: ['--slow me'] }, gates: ['npm run lint', 'true'] } },
    },
  });
  const list = await swarm.say('list modes');
  expect((list.data as { name: string }[]).map((mode) => mode.name)).toEqual([
    ...['beast', 'safe', 'review', 'tdd'],
    'careful',
  ]);
  expect(list.text).toMatch(/^beast +no +full +2 +0 /mu);
  const shown = await swarm.say('show mode beast');
  expect(shown.data).toMatchObject({
    name: 'beast',
    enabled: false,
    autonomy: 'full',
    retries: 2,
    flags: {
      claude: ['--permission-mode', 'bypassPermissions'],
      kiro: ['--trust-all-tools'],
      rehearsal: ['--mode', 'beast', '--autonomy', 'full'],
    },
  });
  for (const word of ['Plan:', 'Do:', 'Check:', 'Act:']) expect(shown.text).toContain(word);
  expect(shown.text).toContain('drover config set modes.beast.enabled true');
  expect((await swarm.say('show mode careful')).text).toContain(`--mode careful --autonomy edit '--slow me'`);
  const careful = await swarm.say('show mode careful');
  expect(careful.message).toBe('careful is enabled.');
  expect(careful.text).toMatch(
    /^careful\nenabled: +yes\n(?:.*\n)+retries: +none\n(?:.*\n)+?gates: +npm run lint; true\n/u,
  );
  expect(careful.text).toContain('  claude     --permission-mode acceptEdits\n');
  expect(careful.text).not.toContain('says first');
  expect((await swarm.say('show modes')).data).toHaveLength(5);
  expect((await swarm.say('show modes')).text).toBe(list.text);
  expect((await swarm.say('show mode review')).text).toContain('reads only');
  const unknown = await swarm.say('show mode "beest"');
  expect([unknown.exit, unknown.hint]).toEqual([3, expect.stringContaining('Did you mean beast?')]);
});
