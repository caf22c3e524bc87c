import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { secretPlaces } from '../../../src/secrets/places.ts';
import { openSecrets } from '../../../src/secrets/store.ts';
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

test('[CLI-8] a secret is forgotten by the request that forgot it, and never by one that found none', async () => {
  await using swarm = await openSwarm();
  const secrets = openSecrets({ ...secretPlaces(swarm.paths, swarm.env), now: () => new Date().toISOString() });
  await secrets.set('gh', 'hunter2');
  const remove = (id: string, name: string) => sayAs(swarm.paths, id, `remove secret ${name}`);
  const never = await remove('two', 'gl');
  const first = await remove('one', 'gh');
  expect([first?.exit, never?.exit]).toEqual([0, 3]);
  await swarm.close();
  forgetEnd(swarm, 'one');
  await swarm.reopen();
  expect(await remove('one', 'gh')).toMatchObject({ exit: 0, message: first?.message });
  expect(await remove('two', 'gl')).toMatchObject({ exit: 3, message: never?.message });
});
