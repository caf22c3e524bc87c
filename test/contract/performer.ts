import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

/**
 * A program that behaves like an agent towards Drover: it speaks through the very hooks that it was started with, or shows
 * the screens that were recorded of that agent. It does a task without a model: asks once, changes a file, commits.
 * Its first argument is whose part it plays, the others are those of that agent.
 */
const [part = '', ...args] = process.argv.slice(2);
const RULE = '─'.repeat(60);

/** What a hook is told, and what it says. */
const call = (command: string, body: object): Promise<string> =>
  new Promise((resolve) => {
    const hook = spawn('/bin/sh', ['-c', command], { stdio: ['pipe', 'pipe', 'inherit'] });
    let said = '';
    hook.stdout.on('data', (text) => (said += String(text)));
    hook.on('close', () => resolve(said));
    hook.stdin.end(JSON.stringify(body));
  });

const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

type Say = (event: string, rest?: object) => Promise<string>;

/** The hooks of Claude Code, as they stand in the settings that it was given. */
const claudeHooks = async (): Promise<Say> => {
  const settings = JSON.parse(readFileSync(args[args.indexOf('--settings') + 1]!, 'utf8')) as {
    hooks: Record<string, [{ hooks: [{ command: string; args?: string[] }] }]>;
  };
  return async (event, rest = {}) => {
    const [{ hooks }] = settings.hooks[event]!;
    const [{ command, args: given }] = hooks;
    return call(given ? quoted(command) : command, { hook_event_name: event, session_id: 's', ...rest });
  };
};

/** The hooks of Codex, as they stand among its arguments. */
const codexHooks =
  (): Say =>
  async (event, rest = {}) => {
    const setting = args.find((arg) => arg.startsWith(`hooks.${event}=`));
    const command = /command=(?<text>"(?:[^"\\]|\\.)*")/u.exec(setting ?? '')?.groups?.['text'];
    return command ? call(JSON.parse(command) as string, { hook_event_name: event, session_id: 's', ...rest }) : '';
  };

type Plugin = {
  event(happened: { event: { type: string; properties: object } }): Promise<void>;
  'tool.execute.before'(call: object, rest: object): Promise<void>;
  'tool.execute.after'(call: object): Promise<void>;
};

/** Events as opencode's plugin hears them; what it posts is what the service would be told. */
const opencodePlugin = async (posted: (url: string, body: object) => void): Promise<Plugin> => {
  const { plugin } = JSON.parse(process.env['OPENCODE_CONFIG_CONTENT']!) as { plugin: [string] };
  const { Drover } = (await import(plugin[0])) as { Drover: (input: object) => Promise<Plugin> };
  const _client = {
    post: async ({ url, body }: { url: string; body: object }) => posted(url, body),
  };
  return Drover({ client: { _client } });
};

type Screen = { said: string; typed: string; asks: boolean; working: boolean };

const SCREENS: Readonly<Record<string, (screen: Screen) => string>> = {
  claude: ({ said, typed, asks }) =>
    asks
      ? `${said}\n${RULE}\n Bash command\n\n Do you want to proceed?\n ❯ 1. Yes\n   2. No\n\n Esc to cancel`
      : `${said}\n${RULE}\n❯ ${typed}\n${RULE}\n  ? for shortcuts`,
  codex: ({ said, typed, asks }) =>
    asks
      ? `${said}\n\n  Would you like to run the following command?\n\n› 1. Yes, proceed (y)\n  2. No (esc)\n\n  Press enter to confirm or esc to cancel`
      : `${said}\n\n› ${typed}\n\n  ? for shortcuts`,
  opencode: ({ said, typed, asks }) =>
    asks
      ? `${said}\n\n  ┃  △ Permission required\n  ┃   Allow once   Allow always   Reject`
      : `${said}\n\n  ┃\n  ┃  ${typed}\n  ┃\n  ┃  Build · Scripted\n  ╹${'▀'.repeat(40)}\n   ctrl+p commands`,
  gemini: ({ said, typed, asks, working }) =>
    asks
      ? `${said}\n╭${RULE}╮\n│ ? Shell  git branch other   │\n│ │ git branch other  │ │\n│ Allow execution of [Shell]?  │\n│ ● 1. Allow once  │\n│   2. No  │\n╰${RULE}╯`
      : `${said}\n${working ? ' ⠋ Thinking... (esc to cancel, 1s)\n' : ''}${RULE}\n > ${typed || '  Type your message or @path/to/file'}\n\n /w/x-1     no sandbox   Auto`,
  kiro: ({ said, typed, asks, working }) =>
    asks
      ? `${said}\n  execute_bash requires approval\n  ❯ Yes, single permission\n    Trust, always allow\n    No (Tab to edit)`
      : `${said}\n${working ? ' ◔ Kiro is working · esc to cancel' : ''}\n${RULE}\n› ${typed || 'Ask a question or describe a task ↵'}\n${RULE}\n  kiro_default · auto · ◔ 3%   ~/w`,
  custom: ({ said, typed, asks, working }) =>
    asks ? `${said}\nSure? [y/n] ` : `${said}\n${working ? 'busy' : `agent> ${typed}`}`,
};

/** What a turn says at its end, in the looks of each. */
const LAST: Readonly<Record<string, string>> = {
  gemini: '✦ all done',
  kiro: ' ▸ Credits: 0.24 • Time: 3s',
  custom: 'turn over',
};

const screen: Screen = { said: '', typed: '', asks: false, working: false };
const draw = (): void => {
  const text = SCREENS[part]!(screen);
  process.stdout.write(`\u001B[H\u001B[2J${text.replaceAll('\n', '\r\n')}`);
};

const pressed = Promise.withResolvers<void>();
const keys = { onEnter: (): void => undefined };

const openVoice = async () => {
  const answered = Promise.withResolvers<void>();
  if (part === 'claude') {
    const say = await claudeHooks();
    return {
      say,
      ask: async (tool: object) => {
        void say('PermissionRequest', tool).then((line) => line.includes('"allow"') && answered.resolve());
        await answered.promise;
      },
    };
  }
  if (part === 'opencode') {
    const plugin = await opencodePlugin((url, body) => {
      if (url === '/permission/p/reply' && JSON.stringify(body).includes('once')) answered.resolve();
    });
    const event = (type: string, properties: object) =>
      plugin.event({ event: { type, properties: { sessionID: 's', ...properties } } });
    const say: Say = async (name) => {
      if (name === 'SessionStart') await event('session.created', { info: { id: 's' } });
      if (name === 'UserPromptSubmit') await event('session.status', { status: { type: 'busy' } });
      if (name === 'Stop') await event('session.idle', {});
      return '';
    };
    return {
      say,
      ask: async () => {
        await event('permission.asked', { id: 'p', permission: 'bash', metadata: { command: 'git branch other' } });
        await answered.promise;
        await event('permission.replied', { requestID: 'p', reply: 'once' });
      },
    };
  }
  const say: Say = part === 'codex' ? codexHooks() : async () => '';
  return {
    say,
    ask: async (tool: object) => {
      keys.onEnter = answered.resolve;
      await say('PermissionRequest', tool);
      await answered.promise;
    },
  };
};

const voice = await openVoice();
const { say } = voice;
const BASH = { tool_name: 'Bash', tool_input: { command: 'git branch other' } };

const work = async (prompt: string): Promise<void> => {
  screen.said = `${screen.said}\n> ${prompt}`.trimStart();
  screen.working = true;
  draw();
  await say('UserPromptSubmit', { prompt });
  await say('PreToolUse', BASH);
  screen.asks = true;
  draw();
  await voice.ask(BASH);
  screen.asks = false;
  draw();
  await say('PostToolUse', BASH);
  // It works on until it was seen working.
  while (!existsSync(`${process.env['HOME']}/seen`)) await setTimeout(20);
  writeFileSync('made.txt', prompt);
  execFileSync('git', ['add', '-A']);
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', 'commit', '-qm', 'made'], {
    stdio: 'ignore',
  });
  screen.working = false;
  screen.said += `\n${LAST[part] ?? 'all done'}\n`;
  draw();
  await say('Stop', { last_assistant_message: 'all done' });
};

process.stdin.setRawMode(true);
process.stdin.on('data', (bytes) => {
  for (const key of String(bytes)) {
    if (key === '\u0003' || key === '\u0004') process.exit(0);
    if (key === '\r') {
      const line = screen.typed;
      screen.typed = '';
      if (screen.asks) keys.onEnter();
      else if (line !== '') void work(line);
    } else if (key >= ' ') screen.typed += key;
  }
  draw();
});
process.on('SIGHUP', () => process.exit(0));
draw();
// Those that tell so by a hook are ready then.
if (part === 'claude') await say('SessionStart', { source: 'startup' });
await pressed.promise;
