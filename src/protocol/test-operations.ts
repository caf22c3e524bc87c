/** For `test <area> <operation>`: the operations' words; `*` takes any. */
export const TEST_OPERATIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  protocol: { parse: 'parse' },
  swarm: { launch: 'launch', stop: 'stop' },
  failure: { simulate: 'simulate', inject: 'simulate' },
  integration: { '*': '*' },
};
