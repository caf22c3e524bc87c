import { expect, test } from 'vitest';
import { judgeWayOut, probeWayOut } from '../../../src/cli/doctor/way-out.ts';
import { settingsSchema } from '../../../src/state/settings.ts';

const found = async (sandbox: object, env: Record<string, string> = {}) =>
  (await probeWayOut({ env, place: undefined, settings: settingsSchema.parse({ agent: 'claude', sandbox }) })).map(
    ({ cause, severity }) => [severity, cause],
  );

const BY = { HTTPS_PROXY: 'http://ada:top%20secret@proxy.example.com:3128' };

test('[SEC-9] how sandboxes with a list of hosts go out is said, and never a password', async () => {
  expect(await found({ mode: 'strict' }, BY)).toEqual([
    [
      'ok',
      'sandboxes with a list of hosts go out by the proxy proxy.example.com:3128 (HTTPS_PROXY of this shell), but for what NO_PROXY names',
    ],
  ]);
  expect(await found({ mode: 'strict' })).toEqual([
    ['ok', 'sandboxes with a list of hosts go out directly: this shell has no HTTPS_PROXY'],
  ]);
  expect(await found({ mode: 'worktree', network: 'allow-list' })).toHaveLength(1);
  const other = judgeWayOut({ https_proxy: 'socks5://ada:secret@proxy.test:1080' }, 'the daemon');
  expect(other).toMatchObject({
    severity: 'warning',
    cause:
      'sandboxes with a list of hosts go out directly, because https_proxy of the daemon names none that Drover speaks with: it has to be http://host:port',
  });
});

test('[SEC-9] nothing is said of it where no sandbox has a list', async () => {
  expect(await found({ mode: 'worktree' }, BY)).toEqual([]);
  expect(await found({ mode: 'off' }, BY)).toEqual([]);
  expect(await found({ mode: 'strict', need: 'off' }, BY)).toEqual([]);
  expect(await probeWayOut({ env: BY, place: undefined, settings: undefined })).toEqual([]);
});
