import fc from 'fast-check';
import { expect, test } from 'vitest';
import { claude } from '../../src/agents/claude.ts';
import { codex } from '../../src/agents/codex.ts';
import { hostsNamed } from '../../src/agents/endpoints.ts';
import { gemini } from '../../src/agents/gemini.ts';
import { BUILT_IN } from '../../src/agents/index.ts';
import { opencode } from '../../src/agents/opencode.ts';
import { parseHostRule } from '../../src/state/sandbox-hosts.ts';

test('[SEC-9] each host that an agent needs is one that a list may have', () => {
  for (const { hosts = [] } of Object.values(BUILT_IN))
    expect(hosts.filter((host) => parseHostRule(host)?.host !== host)).toEqual([]);
});

test.each([
  ['https://gateway.example.org/v1', ['gateway.example.org']],
  ['https://Gateway.example.org:443', ['gateway.example.org']],
  ['http://10.0.0.7:8000?x', ['10.0.0.7:8000']],
  ['http://localhost:11434/v1', ['localhost:11434']],
  ['https://ada:key@example.org:8443/', ['example.org:8443']],
  ['http://[fd00::7]:8000/', ['[fd00::7]:8000']],
  ['secret:gateway', []],
  ['example.org', []],
  ['https://', []],
  ['', []],
])('[SEC-9] the host of %j', (address, hosts) => {
  expect(hostsNamed({ X: address }, ['X', 'Y'])).toEqual(hosts);
  for (const host of hosts) expect(parseHostRule(host)).toBeDefined();
});

test('[SEC-9] a service of another kind is reached where its variables say', () => {
  const bedrock = ['bedrock-runtime', 'bedrock', 'sts'].map((name) => `${name}.eu-west-1.amazonaws.com`);
  const env = { AWS_REGION: 'eu-west-1', CLOUD_ML_REGION: 'global', VERTEX_REGION_CLAUDE_4_0_OPUS: 'us-east5' };
  expect(claude.hostsFor!(env)).toEqual([]);
  expect(claude.hostsFor!({ ...env, CLAUDE_CODE_USE_BEDROCK: '1' })).toEqual(bedrock);
  const vertex = claude.hostsFor!({ ...env, CLAUDE_CODE_USE_VERTEX: 'true' });
  expect(vertex.slice(0, 2)).toEqual(['aiplatform.googleapis.com', 'us-east5-aiplatform.googleapis.com']);
  expect(vertex).toContain('oauth2.googleapis.com');
  expect(
    codex.hostsFor!({ OPENAI_BASE_URL: 'https://a.org/v1', AZURE_OPENAI_ENDPOINT: 'https://b.openai.azure.com' }),
  ).toEqual(['a.org', 'b.openai.azure.com']);
  const google = { GOOGLE_GENAI_USE_VERTEXAI: 'true', GOOGLE_CLOUD_LOCATION: 'europe-west4' };
  expect(gemini.hostsFor!(google)[0]).toBe('europe-west4-aiplatform.googleapis.com');
  expect(gemini.hostsFor!({ GOOGLE_CLOUD_LOCATION: 'europe-west4' })).toEqual([]);
});

test('[SEC-9] opencode reaches whom it has a key of, and nobody else', () => {
  expect(opencode.hostsFor!({})).toEqual([]);
  expect(opencode.hostsFor!({ GROQ_API_KEY: 'k', ANTHROPIC_API_KEY: '', OPENAI_BASE_URL: 'https://x.org' })).toEqual([
    'api.groq.com',
  ]);
  const keys = opencode.passEnv.filter((name) => name.endsWith('_API_KEY'));
  expect(keys.length).toBeGreaterThan(5);
  for (const key of keys) expect([key, opencode.hostsFor!({ [key]: 'k' }).length]).toEqual([key, 1]);
});

test('[SEC-9] no variable makes a host of its own words', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (region) => {
      const hosts = claude.hostsFor!({ CLAUDE_CODE_USE_BEDROCK: '1', AWS_REGION: region });
      expect(
        hosts.filter((host) => !/^(?:bedrock|bedrock-runtime|sts)\.[a-z0-9-]+\.amazonaws\.com$/u.test(host)),
      ).toEqual([]);
    }),
  );
});
