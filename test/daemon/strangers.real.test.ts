import { describe, expect, test } from 'vitest';
import { forgetTrust } from '../../src/daemon/config/trust-store.ts';
import type { Instance } from '../../src/state/instances.ts';
import { eventually, openProgram } from '../bad-input/program.ts';
import { writeTrusted } from '../helpers/trust.ts';

const SETTINGS = { agent: 'mine', agents: { mine: { command: ['sleep', '1000'] } }, timeouts: { stop_ms: 200 } };

type Program = ReturnType<typeof openProgram>;

const instanceOf = async ({ drover }: Program): Promise<Instance | undefined> => {
  const { stdout } = await drover('instances', 'list', '--json');
  return (JSON.parse(stdout) as Instance[])[0];
};

const stateOf = async (program: Program): Promise<string> => {
  const one = await instanceOf(program);
  return `${one?.state.kind} ${one?.state.evidence ?? ''}`;
};

const isStrange = (program: Program) =>
  eventually(async () => (await stateOf(program)).startsWith('unknown its agent mine'));

describe('an instance whose agent is not known any more', () => {
  test('stays visible and stoppable, whatever daemon comes', async () => {
    await using program = openProgram({ settings: SETTINGS });
    expect(await program.drover('launch', '1')).toMatchObject({ exit: 0 });
    expect(await program.drover('trust', '--revoke', '--yes')).toMatchObject({ exit: 0 });
    await isStrange(program);
    expect(await program.drover('status')).toMatchObject({ exit: 0 });
    expect((await program.drover('instances', 'list')).stdout).toContain('its agent mine is not known');
    const { stdout: alerts } = await program.drover('alerts', 'list');
    expect(alerts).toContain('mine-1 is followed no more, because its agent mine is not known. Trust what');
    // The next daemon finds it so at its start.
    expect(await program.drover('daemon', 'stop')).toMatchObject({ exit: 0 });
    expect(await program.drover('status')).toMatchObject({ exit: 0 });
    await isStrange(program);
    expect((await program.drover('adapters', 'list')).stdout).toContain('mine');
    expect(await program.drover('modes', 'list')).toMatchObject({ exit: 0 });
    expect(await program.drover('stop', 'mine-1', '--yes')).toMatchObject({ exit: 0 });
    expect(await stateOf(program)).toMatch(/^stopped/u);
    expect((await program.drover('alerts', 'list')).stdout).not.toContain('mine-1');
  });

  test('is followed again when its agent is known again', async () => {
    await using program = openProgram({ settings: SETTINGS });
    expect(await program.drover('launch', '1')).toMatchObject({ exit: 0 });
    writeTrusted(program.paths.config, program.env, { agent: 'rehearsal' });
    await isStrange(program);
    expect((await program.drover('alerts', 'list')).stdout).toContain('Configure it under "agents"');
    // A program that could not be started again is left alone.
    expect(await program.drover('restart', 'mine-1', '--yes')).toMatchObject({
      exit: 3,
      stderr: expect.stringContaining('no agent is called "mine"'),
    });
    await isStrange(program);
    writeTrusted(program.paths.config, program.env, SETTINGS);
    await eventually(async () => (await stateOf(program)).startsWith('idle'));
    expect((await program.drover('alerts', 'list')).stdout).not.toContain('mine-1');
  });

  test('is found so by the daemon of a repository whose record of trust is gone', async () => {
    await using program = openProgram({ settings: SETTINGS });
    expect(await program.drover('launch', '1')).toMatchObject({ exit: 0 });
    expect(await program.drover('daemon', 'stop')).toMatchObject({ exit: 0 });
    expect(forgetTrust(program.paths.config, program.env)).toBe(true);
    expect(await program.drover('status')).toMatchObject({ exit: 0 });
    await isStrange(program);
    expect(await program.drover('stop', 'mine-1', '--yes')).toMatchObject({ exit: 0 });
  });

  test('may be described in a way that cannot be used', async () => {
    await using program = openProgram({ settings: SETTINGS });
    expect(await program.drover('launch', '1')).toMatchObject({ exit: 0 });
    writeTrusted(program.paths.config, program.env, {
      agent: 'rehearsal',
      agents: { mine: { prompt: 'typed' } },
      timeouts: SETTINGS.timeouts,
    });
    await isStrange(program);
    expect((await program.drover('alerts', 'list')).stdout).toContain('the agent "mine" has no command');
    expect(await program.drover('modes', 'list')).toMatchObject({ exit: 0 });
    expect(await program.drover('adapters', 'list')).toMatchObject({ exit: 0 });
    expect(await program.drover('stop', 'mine-1', '--yes')).toMatchObject({ exit: 0 });
  });
});
