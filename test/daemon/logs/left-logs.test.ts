import { mkdirSync, readdirSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dropLeftLogs } from '../../../src/daemon/logs/left-logs.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { servicesWith } from '../../helpers/services.ts';
import { servicesOn } from '../../helpers/target.ts';
import { stateOf } from '../../state/fold.ts';
import { instanceCreated } from '../../state/story.ts';

test('of the logs of instances that are no more the oldest go where all take too much, and those of others stay', async () => {
  using folder = temporaryFolder('logs');
  for (const [n, id] of ['claude-1', 'claude-2', 'claude-3', 'claude-4'].entries()) {
    const file = join(folder.path, id, '000001.log');
    mkdirSync(join(folder.path, id));
    writeFileSync(file, '');
    truncateSync(file, 1000);
    utimesSync(file, n + 1, n + 1);
  }
  const services = servicesWith({
    store: { state: stateOf(instanceCreated('claude-1')) },
    signal: new AbortController().signal,
    ...servicesOn({ paths: { logs: folder.path } }),
  });
  const left = async (most: number): Promise<readonly string[]> => {
    await dropLeftLogs(services, most);
    return readdirSync(folder.path).toSorted();
  };
  expect(await left(3000)).toEqual(['claude-1', 'claude-2', 'claude-3', 'claude-4']);
  expect(await left(2000)).toEqual(['claude-1', 'claude-3', 'claude-4']);
  expect(await left(0)).toEqual(['claude-1']);
});
