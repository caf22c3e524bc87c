import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onTestFailed } from 'vitest';
import type { State } from '../../../src/state/index.ts';
import type { InstanceStateName } from '../../../src/state/instances.ts';
import { until as untilWithin } from '../../commands/stage.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { openSwarm } from '../../helpers/swarm.ts';
import type { Behaviour } from '../../kiro/options.ts';
import { installKiro, personsFiles } from '../../kiro/program.ts';
import { openScriptedModel } from '../../models/anthropic.ts';

const PATIENCE = 60_000;

type KiroOptions = {
  readonly behaviour?: Partial<Behaviour>;
  readonly settings?: object;
  readonly env?: Readonly<Record<string, string>>;
};

/** A swarm whose agent is the stand-in for Kiro CLI, with a person's files in its home and a scripted model. */
export const openKiroSwarm = async ({ behaviour = {}, settings = {}, env = {} }: KiroOptions = {}) => {
  const model = await openScriptedModel();
  const bin = temporaryFolder('kiro');
  installKiro(bin.path);
  const swarm = await openSwarm({
    settings: { agent: 'kiro', ...settings },
    env: {
      PATH: `${bin.path}:${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
      KIRO_STANDIN: JSON.stringify({ model: model.url, ...behaviour }),
      ...env,
    },
  });
  const home = swarm.env['HOME']!;
  for (const [path, text] of Object.entries(personsFiles())) {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), text);
  }
  const screen = (): string => swarm.tmux('capture-pane', '-p', '-t', '=r-kiro-1:');
  let seen = '';
  onTestFailed(() => console.error(seen));
  const until = (holds: (state: State) => boolean): Promise<State> => untilWithin(swarm, holds, PATIENCE);
  return {
    swarm,
    model,
    home,
    screen,
    until,
    /** The folder of the instance, where its record and its derived agents lie. */
    own: join(swarm.paths.instances, 'kiro-1'),
    instanceIs: (kind: InstanceStateName): Promise<State> =>
      until((state) => state.instances['kiro-1']?.state.kind === kind),
    shows: (text: string): Promise<State> => until(() => screen().includes(text)),
    press: (...keys: readonly string[]): string => swarm.tmux('send-keys', '-t', '=r-kiro-1:', ...keys),
    begin: async (script: string, task = 't1'): Promise<void> => {
      await swarm.say(`create task "Make a file" id=${task} description="${script}"`);
      await swarm.say(`run task ${task}`);
    },
    [Symbol.asyncDispose]: async () => {
      const { transitions } = (await swarm.state()).instances['kiro-1'] ?? {};
      seen = [screen(), JSON.stringify(transitions, null, 1), JSON.stringify(model.calls), ...swarm.log].join('\n');
      await swarm[Symbol.asyncDispose]();
      await model[Symbol.asyncDispose]();
      bin[Symbol.dispose]();
    },
  };
};
