import { Validator } from '@seriousme/openapi-schema-validator';
import { expect, test } from 'vitest';
import { registry } from '../../../src/commands/index.ts';
import { appStage } from '../stage.ts';

test('[WEB-6] /openapi.json is a valid document of OpenAPI, with every command of the registry', async () => {
  const { call } = appStage();
  const document = (await (await call('/openapi.json')).json()) as { paths: Record<string, unknown> };
  expect(await new Validator().validate(structuredClone(document))).toEqual({ valid: true });
  const named = registry.commands.map(({ verb, noun }) => `/api/commands/${noun}/${verb}`);
  expect(Object.keys(document.paths)).toEqual(expect.arrayContaining(named));
  expect(Object.keys(document.paths)).toHaveLength(named.length + 10);
});

test('[WEB-6] every path of the document is there, and asks who comes', async () => {
  const { call } = appStage();
  const document = (await (await call('/openapi.json')).json()) as { paths: Record<string, Record<string, unknown>> };
  const paths = Object.entries(document.paths).filter(([path]) => path !== '/api/login');
  const answers = await Promise.all(
    paths.map(async ([path, methods]) => {
      const [method = 'get'] = Object.keys(methods);
      return (await call(path, { method: method.toUpperCase() })).status;
    }),
  );
  expect(new Set(answers)).toEqual(new Set([401]));
});
