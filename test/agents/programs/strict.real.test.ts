import { expect, test } from 'vitest';
import { noSandbox } from '../../helpers/sandbox.ts';
import { openScriptedModel } from '../../models/anthropic.ts';
import type { ScriptedModel } from '../../models/http.ts';
import { isInstalled, openCodexSwarm, openGeminiSwarm, openOpencodeSwarm, type Place } from './place.ts';

const LONG = 240_000;
const COMMIT = 'git add -A && git commit -qm made';

/** The strict sandbox, of whose network its model alone is left, for an agent that is not to ask. */
const strict = ({ url }: ScriptedModel) => ({
  timeouts: { start_ms: 120_000 },
  modes: { beast: { enabled: true } },
  sandbox: { mode: 'strict', need: 'required', hosts: [new URL(url).host] },
});

/** Has an agent do a task that looks around: it works, and reaches neither the checkout nor another service of the machine. */
const isShutIn = async (place: Place): Promise<void> => {
  await using other = await openScriptedModel();
  const { swarm, id } = place;
  // Gemini CLI runs nothing with a command substitution in it.
  const get = (url: string) => `curl -s -o /dev/null -w '%{http_code} ' ${url} >> seen.txt`;
  const look = `ls ${swarm.root} > seen.txt 2>/dev/null; ${get(other.url)}; ${get('http://example.com/')}`;
  const script = `%%write made.txt hi %%bash ${look}; ${COMMIT} %%say all done`;
  await swarm.say(`create task "Make a file" id=t1 description="${script}"`);
  await swarm.say('run task t1 mode=beast');
  const state = await place.taskIs('done');
  expect(state.instances[id]).toMatchObject({ mode: 'beast', sandbox: 'strict' });
  const show = (path: string) => swarm.git('show', `${state.tasks['t1']!.run!.branch}:${path}`).trim();
  expect(show('made.txt')).toContain('hi');
  expect(show('seen.txt')).toMatch(/^(?:000|403) 403$/u);
  expect(other.calls).toEqual([]);
};

test.skipIf(!isInstalled('codex') || noSandbox !== undefined)(
  '[SEC-9] the real Codex does a task in the strict sandbox, and reaches its model alone',
  async () => {
    await using place = await openCodexSwarm({ settings: strict });
    await isShutIn(place);
  },
  LONG,
);

test.skipIf(!isInstalled('gemini') || noSandbox !== undefined)(
  '[SEC-9] the real Gemini CLI does a task in the strict sandbox, and reaches its model alone',
  async () => {
    await using place = await openGeminiSwarm(strict);
    await isShutIn(place);
  },
  LONG,
);

test.skipIf(!isInstalled('opencode') || noSandbox !== undefined)(
  '[SEC-9] the real opencode does a task in the strict sandbox, and reaches its model alone',
  async () => {
    await using place = await openOpencodeSwarm(strict);
    await isShutIn(place);
  },
  LONG * 2,
);
