/** The service fails, or something around the agent does. */
const answered =
  (script, calls = 1) =>
  async (stage) => {
    await stage.tell(script);
    await stage.quiet({ calls });
    await stage.rest(1500);
  };

const FEW = { env: { CLAUDE_CODE_MAX_RETRIES: '2' } };

const failingHook = (command) => [{ hooks: [{ type: 'command', command }] }];

export const troubles = {
  '429 tried again': answered('%%error 429 2 %%slow 100 10', 3),
  'limit of the account': {
    home: { login: { CLAUDE_CODE_OAUTH_TOKEN: 'none' } },
    reads: { limit: true },
    run: answered('%%limit 90'),
  },
  '529 tried again': answered('%%error 529 2 %%slow 100 10', 3),
  '500 to the end': { home: FEW, run: answered('%%error 500', 3) },
  'network cut': { home: FEW, run: answered('%%drop', 3) },
  'hook of its person failing': {
    home: {
      files: {
        '.claude/settings.json': JSON.stringify({
          hooks: {
            UserPromptSubmit: failingHook('exit 1'),
            PreToolUse: failingHook('/nonexistent/hook'),
            Stop: failingHook('echo no >&2; exit 1'),
          },
        }),
      },
    },
    run: answered('%%bash git log -1 %%slow 100 10', 2),
  },
  'MCP server missing': {
    home: { mcpServers: { gone: { command: '/nonexistent/server' } } },
    run: answered('%%say hi'),
  },
  'daemon down during the turn': async (stage) => {
    await stage.tell('%%slow 100 30');
    await stage.call();
    await stage.rest(500);
    await stage.drover('stop', 'daemon');
    await stage.quiet();
    await stage.drover('status');
    await stage.rest(2000);
  },
  'not logged in': {
    home: { login: {} },
    ready: false,
    run: async (stage) => {
      stage.fact('asks', await stage.sees(/Notloggedin/u));
      await stage.rest(2500);
    },
  },
  'trust dialog': {
    home: { trusted: false },
    ready: false,
    run: async (stage) => {
      stage.fact('asks', await stage.sees(/oneyoutrust/u));
      await stage.rest(2000);
      const from = Date.now();
      const box = stage.sees(/─❯|shift\+tabtocycle/u, from);
      // It draws nothing until it takes the keys of the answer, and its start goes on then.
      const answered = stage.sees(/./u, from);
      await stage.drover('approve', stage.id);
      stage.fact('begun', await answered);
      stage.fact('ready', await box);
      await stage.rest(1500);
    },
  },
};
