import { once } from 'node:events';
import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { expectNothingLeft, FAST, place, run, spec, start } from './place.ts';

test('agents that fail end with 1 and an honest report', async () => {
  const at = place();
  const { exit, stdout } = await run(['rehearse', '--fail-rate', '1', '--seed', '3', ...FAST], at);
  expect(exit).toBe(1);
  expect(stdout).toMatch(/^0 of \d+ open tasks done and verified, [1-9]\d* failed/);
  expect(stdout).toMatch(/Nothing was merged\.\n.* failed \([\w-]+\): /);
  await expectNothingLeft(at);
});

test('a plan with nothing to do, a folder that is taken and an agent that does not exist are told apart', async () => {
  const at = place();
  const taken = join(at.path, 'taken');
  cpSync(spec, taken, { recursive: true });
  expect(await run(['rehearse', spec, '--keep', taken], at)).toMatchObject({ exit: 6 });
  const unknown = await run(['rehearse', '--agent', 'nope'], at);
  expect(unknown).toMatchObject({ exit: expect.not.toSatisfy((code) => code === 0), stdout: '' });
  expect(unknown.stderr).toMatch(/drover: "launch 5 instances agent=nope" failed: .*nope/);
  await expectNothingLeft(at);
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s in the middle leaves nothing behind', async (signal) => {
  const at = place();
  const { child, printed, ended } = start(['rehearse', '--task-ms', '3000..4000'], at);
  await vi.waitFor(() => expect(printed.stderr).toMatch(/tasks? starts?|queued/u));
  child.kill(signal);
  expect((await ended).exit).toBe({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }[signal]);
  expect(printed.stderr).not.toMatch(/failed|Error/);
  await expectNothingLeft(at);
});

test('a signal before it has begun leaves nothing behind either', async () => {
  const at = place();
  const { child, ended } = start(['rehearse'], at);
  await vi.waitUntil(() => readdirSync(at.env.TMPDIR).length > 0, { timeout: 30_000, interval: 1 });
  child.kill('SIGINT');
  expect((await ended).exit).toBe(130);
  await expectNothingLeft(at);
});

test('a reader of its messages that goes away does not keep it from removing everything', async () => {
  const at = place();
  const { child, ended } = start(['rehearse', ...FAST], at);
  await once(child.stderr, 'data');
  child.stderr.destroy();
  child.stdout.destroy();
  await ended;
  await expectNothingLeft(at);
});
