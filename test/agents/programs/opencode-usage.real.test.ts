import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { parseSpoolFile } from '../../../src/agents/spool-message.ts';
import { readUsageMessage } from '../../../src/agents/usage-message.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { openScriptedOpenAi } from '../../models/openai.ts';
import { isInstalled, PROGRAMS } from './place.ts';

const real = test.skipIf(!isInstalled('opencode'));

/** Asks the real opencode once, without its screen, with our plugin in it; what the plugin left in the spool. */
const asked = async (home: string, url: string, prompt: string): Promise<readonly unknown[]> => {
  const scripted = {
    npm: '@ai-sdk/openai-compatible',
    name: 'Scripted',
    options: { baseURL: url, apiKey: 'none' },
    models: { scripted: { name: 'Scripted' } },
  };
  const config = {
    ...{ model: 'scripted/scripted', small_model: 'scripted/scripted', autoupdate: false, share: 'disabled' },
    provider: { scripted },
    plugin: [`file://${resolve('assets/opencode-plugin.js')}`],
    permission: { bash: 'allow', edit: 'allow' },
  };
  const [spool, cwd] = [join(home, 'spool'), join(home, 'work')];
  for (const folder of [spool, cwd]) mkdirSync(folder);
  const env = {
    PATH: `${PROGRAMS}:${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
    ...{ HOME: home, TMPDIR: home, XDG_DATA_HOME: join(home, 'data') },
    OPENCODE_CONFIG_CONTENT: JSON.stringify(config),
    ...{ OPENCODE_DISABLE_MODELS_FETCH: '1', OPENCODE_DISABLE_LSP_DOWNLOAD: '1', OPENCODE_DISABLE_AUTOUPDATE: '1' },
    ...{
      DROVER_HOOK: resolve('assets/hook.sh'),
      DROVER_SPOOL: spool,
      DROVER_INSTANCE: 'opencode-1',
      DROVER_TOKEN: 't',
    },
  };
  const running = promisify(execFile)('opencode', ['run', prompt], { cwd, env, timeout: 200_000 });
  running.child.stdin?.end();
  await running;
  return readdirSync(spool).map((name) => parseSpoolFile(readFileSync(join(spool, name), 'utf8'))?.body);
};

real(
  'what the real opencode tells that it used is what its model said',
  async () => {
    using home = temporaryFolder('opencode');
    await using model = await openScriptedOpenAi();
    const said = await asked(home.path, model.url, '%%write made.txt hi %%bash echo hello %%say all done');
    const answers = model.calls.filter(({ kind }) => kind === 'main').length;
    const [last] = said
      .flatMap((body) => readUsageMessage(body) ?? [])
      .toSorted((a, b) => b.models['scripted']!.output_tokens - a.models['scripted']!.output_tokens);
    expect(last).toEqual({
      conversation: expect.stringMatching(/^ses_/),
      models: {
        scripted: {
          input_tokens: answers * 1200,
          output_tokens: answers * 33,
          cache_read_tokens: 0,
          cache_write_tokens: 0,
        },
      },
      turns: 1,
      usd: null,
      context: { used_tokens: 1233, window_tokens: null },
    });
  },
  230_000,
);
