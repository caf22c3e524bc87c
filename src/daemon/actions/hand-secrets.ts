import { exportsLine } from '../../agents/launch-script.ts';
import type { Target } from '../../ports/target.ts';
import { secretNamed } from '../../state/variables-schema.ts';
import { resolveSecrets } from '../config/live-secrets.ts';
import { secretsUntold } from '../errors.ts';
import type { DaemonServices } from '../services.ts';

/** How long the script of an agent may take to read its secrets, in milliseconds. */
const PATIENCE_MS = 30_000;

/** Secrets on their way to the program of an agent: by a pipe, so that no file, command line or log has them. */
export type Handover = {
  /** Variables that need no secrecy. */
  readonly plain: Readonly<Record<string, string>>;
  /** The pipe that the script of the agent reads; undefined where there are no secrets. */
  readonly pipe: string | undefined;
  /** Gives them to the script that reads the pipe. */
  hand(): Promise<void>;
};

const makePipe = async ({ files, processes, env, paths }: Target, path: string, signal: AbortSignal): Promise<void> => {
  await files.remove(path);
  const request = { file: 'mkfifo', args: ['-m', '600', path], cwd: paths.root, env, timeoutMs: 10_000 };
  const { code, stderr } = await processes.run(request, signal);
  if (code !== 0) throw secretsUntold({ path, why: stderr.trim().split('\n')[0] ?? '' });
};

/** Parts the variables of an agent into what may be written down and what may not. Rejects when a secret is missing. */
export const prepareSecrets = async (
  { secrets, signal }: DaemonServices,
  target: Target,
  { env, path }: { readonly env: Readonly<Record<string, string>>; readonly path: string },
): Promise<Handover> => {
  const entries = Object.entries(env);
  const plain = Object.fromEntries(entries.filter(([, value]) => secretNamed(value) === undefined));
  const named = Object.fromEntries(entries.filter(([, value]) => secretNamed(value) !== undefined));
  if (Object.keys(named).length === 0) return { plain, pipe: undefined, hand: async () => undefined };
  const line = exportsLine(await resolveSecrets(named, secrets));
  await makePipe(target, path, signal);
  const hand = async (): Promise<void> => {
    const isTold = await target.files.tellPipe(path, line, PATIENCE_MS);
    await target.files.remove(path);
    if (!isTold) throw secretsUntold({ path, why: 'nobody read it' });
  };
  return { plain, pipe: path, hand };
};
