import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { BIN, openDrover } from '../../e2e/terminal.ts';
import { daemonRepository } from '../../helpers/daemon.ts';

test('[SEC-1] whoever may only look reads that at first sight, on the screen and in the status, with what to do', async () => {
  await using repository = daemonRepository({ settings: { agent: 'rehearsal', security: { localRole: 'viewer' } } });
  const place = { cwd: repository.root, env: repository.env };
  const said = 'You may only look. security.localRole is viewer here; a daemon that is started with ';
  expect(execFileSync(process.execPath, [BIN, 'status'], { ...place, encoding: 'utf8' })).toContain(said);
  const view = openDrover([], place);
  await view.see('! you may only look');
  await view.see(/! You may only look\. security\.localRole is viewer here; .* Ctrl-G {2}status swarm/u);
  view.type('\u0007');
  await view.see('DROVER_SECURITY_LOCAL_ROLE=admin');
  view.type('\u001B\u001Bq');
  expect(await view.ended()).toBe(0);
});
