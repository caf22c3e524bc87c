import { AppError } from '../lib/errors.ts';
import { nearest } from '../lib/text.ts';
import type { AgentSettings, Settings } from '../state/settings.ts';
import type { AgentAdapter } from './adapter.ts';
import { claude } from './claude.ts';
import { codex } from './codex.ts';
import { unknownAgent } from './errors.ts';
import { gemini } from './gemini.ts';
import { kiro } from './kiro.ts';
import type { LoginRule } from './login.ts';
import { opencode } from './opencode.ts';
import { rehearsal } from './rehearsal.ts';
import { configuredScreen, shellAdapter } from './shell.ts';
import { strangerAdapter } from './stranger.ts';

/** The agents that Drover knows without configuration. */
export const BUILT_IN: Readonly<Record<string, AgentAdapter>> = { claude, codex, gemini, kiro, opencode, rehearsal };

/** How a program keeps its login, by the agent that comes with Drover and runs the same program. */
const loginRuleOf = (program: string): LoginRule | undefined =>
  Object.values(BUILT_IN).find((adapter) => adapter.program === program.split('/').at(-1))?.login;

/** A built-in agent with what the configuration changes: its program, variables, and patterns to be asked first. */
const withSettings = (adapter: AgentAdapter, settings: AgentSettings): AgentAdapter => {
  const { command, env, pass_env } = settings;
  const own = configuredScreen(settings);
  const { derivesFrom, readScreen, register, usageLog } = adapter;
  const program = command?.[0] ?? adapter.program;
  return {
    ...adapter,
    program,
    login: loginRuleOf(program),
    passEnv: [...adapter.passEnv, ...pass_env],
    ...(readScreen ? { readScreen: (screen) => own(screen) ?? readScreen(screen) } : {}),
    ...(register ? { register: { ...register, folder: (all) => register.folder({ ...all, ...env }) } } : {}),
    ...(derivesFrom ? { derivesFrom: (of) => derivesFrom({ ...of, env: { ...of.env, ...env } }) } : {}),
    ...(usageLog
      ? { usageLog: { ...usageLog, files: (of) => usageLog.files({ ...of, env: { ...of.env, ...env } }) } }
      : {}),
    launch: (options) => {
      const launch = adapter.launch(options);
      return {
        ...launch,
        argv: command ? [...command, ...launch.argv.slice(1)] : launch.argv,
        env: { ...launch.env, ...env },
      };
    },
  };
};

/** The names of all agents, sorted. */
export const agentNames = (settings: Settings): readonly string[] =>
  [...new Set([...Object.keys(BUILT_IN), ...Object.keys(settings.agents)])].toSorted();

/** The adapter of a name. A configured name that is built in changes that one, any other is a program of its own. */
export const adapterFor = (name: string, settings: Settings): AgentAdapter => {
  const known = Object.hasOwn(BUILT_IN, name) ? BUILT_IN[name] : undefined;
  const own = Object.hasOwn(settings.agents, name) ? settings.agents[name] : undefined;
  if (known) return own ? withSettings(known, own) : known;
  if (own) {
    const adapter = shellAdapter(name, own);
    return { ...adapter, login: loginRuleOf(adapter.program) };
  }
  const names = agentNames(settings);
  throw unknownAgent({ name, nearest: nearest(name, names), known: names });
};

/** The adapter of a name that may be known no more, or described in a way that cannot be used; with the reason if so. */
export const adapterOrStranger = (
  name: string,
  settings: Settings,
): { readonly adapter: AgentAdapter; readonly trouble: AppError | null } => {
  try {
    return { adapter: adapterFor(name, settings), trouble: null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { adapter: strangerAdapter(name), trouble: error };
  }
};

/** Whether the agent is given tasks of imported plans: one that pretends would tick them without having done them. */
export const takesPlans = (name: string, settings: Settings): boolean =>
  settings.rehearsal.plans || adapterOrStranger(name, settings).adapter.pretends !== true;
