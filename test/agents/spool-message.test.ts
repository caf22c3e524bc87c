import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSpoolFile } from '../../src/agents/spool-message.ts';

const HEADER = '{"instance":"claude-1","source":"hook","token":"t0ken"}';

test('a header line and a body become a message', () => {
  expect(parseSpoolFile(`${HEADER}\n{"hook_event_name":"Stop",\n"a":1}\n`)).toEqual({
    instance: 'claude-1',
    source: 'hook',
    token: 't0ken',
    body: { hook_event_name: 'Stop', a: 1 },
  });
});

test.each(['tmux', 'report'])('a whole file of JSON becomes a message of source %s', (source) => {
  const message = { instance: 'a-1', source, token: null, body: { event: 'pane-died' } };
  expect(parseSpoolFile(JSON.stringify(message))).toEqual(message);
  expect(parseSpoolFile(JSON.stringify(message, null, 2))).toEqual(message);
});

test('an empty or missing token is none', () => {
  expect(parseSpoolFile('{"instance":"a","source":"hook","token":""}\n1')?.token).toBeNull();
  expect(parseSpoolFile('{"instance":"a","source":"hook"}\n1')?.token).toBeNull();
});

test('a body that was cut still says which event it was', () => {
  const cut = '{"session_id":"abc-1","hook_event_name":"PostToolUse","tool_name":"Bash","tool_response":{"stdout":"xxx';
  expect(parseSpoolFile(`${HEADER}\n${cut}`)?.body).toEqual({
    hook_event_name: 'PostToolUse',
    session_id: 'abc-1',
    tool_name: 'Bash',
    cut: true,
  });
});

test.each([
  '',
  'nonsense',
  '{}',
  `${HEADER}\n`,
  `${HEADER}\nnot JSON "hook_event_name":"Stop"`,
  '{"instance":"../x","source":"hook","token":null}\n{}',
  '{"instance":"a","source":"other","token":null,"body":{}}',
  '{"instance":"a","source":"hook","token":null,"body"',
])('%j is no message', (text) => {
  expect(parseSpoolFile(text)).toBeUndefined();
});

test('whatever body JSON can hold comes out as it went in', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (body) => {
      const expected: unknown = JSON.parse(JSON.stringify(body));
      expect(parseSpoolFile(`${HEADER}\n${JSON.stringify(body)}\n`)?.body).toEqual(expected);
    }),
  );
  fc.assert(fc.property(fc.string(), (text) => void parseSpoolFile(text)));
});
