import { expect, test } from 'vitest';
import { watchSecrets } from '../../../src/daemon/watch/watch-secrets.ts';
import { servicesWith } from '../../helpers/services.ts';
import { servicesOn } from '../../helpers/target.ts';

/** What a watch tells; then it ends, or goes on for ever. */
type Watch = { readonly news: number; readonly ends: boolean };

const watchedBy = (...watches: readonly Watch[]) => {
  const over = new AbortController();
  const left = [...watches];
  const log: string[] = [];
  let refreshed = 0;
  const watch = async function* (_folder: string, signal: AbortSignal) {
    const { news, ends } = left.shift() ?? { news: 1, ends: false };
    for (let one = 0; one < news; one += 1) yield 'changed';
    if (!ends) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  };
  const refresh = async (): Promise<void> => {
    refreshed += 1;
  };
  const services = servicesWith({
    ...servicesOn({ files: { makeFolder: async () => undefined, watch } }),
    ...{ secrets: { folder: '/secrets', refresh }, signal: over.signal, log: (line: string) => void log.push(line) },
  });
  const service = watchSecrets(services);
  return { service, log, refreshed: () => refreshed, end: () => over.abort() };
};

test('[SEC-3] secrets that are set after the watch of their folder has ended are found all the same, and health says so', async () => {
  const watched = watchedBy({ news: 2, ends: true }, { news: 0, ends: true }, { news: 1, ends: false });
  await expect.poll(async () => (await watched.service.health()).state).toBe('degraded');
  await expect.poll(watched.refreshed, { timeout: 10_000 }).toBeGreaterThan(4);
  await expect.poll(async () => (await watched.service.health()).state).toBe('ok');
  expect(watched.log).toEqual(['/secrets cannot be watched: it is read once a second']);
  watched.end();
  await watched.service.done;
});
