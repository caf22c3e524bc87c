import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { forgetEnd } from '../../daemon/forget-end.ts';
import { sayAs } from '../../daemon/process.ts';
import { openSwarm } from '../../helpers/swarm.ts';

test('[CLI-8] settings are gone back to, and taken out, once, also where the daemon died before it had said so', async () => {
  await using swarm = await openSwarm();
  const trash = (): unknown => {
    const file = JSON.parse(readFileSync(join(swarm.root, '.drover', 'config.json'), 'utf8')) as { cleanup?: object };
    return file.cleanup;
  };
  for (const time of ['12h', '6h']) await swarm.say(`set config cleanup.trash=${time}`);
  for (const [line, left] of [
    ['rollback config', { trash: '12h' }],
    ['remove config cleanup.trash', {}],
  ] as const) {
    const id = line.slice(0, 6);
    const first = await sayAs(swarm.paths, id, line);
    await swarm.close();
    forgetEnd(swarm, id);
    await swarm.reopen();
    const again = await sayAs(swarm.paths, id, line);
    expect([line, again?.exit, again?.message, again?.data]).toEqual([line, 0, first?.message, first?.data]);
    expect(trash() ?? {}).toEqual(left);
  }
  expect(await swarm.say('remove config cleanup.trash')).toMatchObject({ exit: 6 });
});
