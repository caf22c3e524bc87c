import { IDENTITY_ENV, launchScript, pickedEnv } from '../../agents/launch-script.ts';
import { reachFolder, spoolFolderOf } from '../../lib/paths.ts';
import type { SandboxSpec } from '../../ports/sandbox.ts';
import type { Target } from '../../ports/target.ts';
import { insideScript } from '../../text/side-windows.ts';
import { homeOf } from '../services.ts';
import { recordFolderOf } from '../signals/known-records.ts';

/**
 * What a shell of the person sees that is shut in as an agent is: the files and the git of that, and nothing by which anybody there
 * speaks to the daemon. Whatever the person runs in it may be the agent's, and would be heard as a person.
 */
export const insideSpec = ({ paths }: Pick<Target, 'paths'>, id: string, spec: SandboxSpec): SandboxSpec => {
  const ways = [reachFolder(paths.socket), homeOf(paths, id)];
  const told = [spoolFolderOf(paths, id), recordFolderOf(paths, id)];
  return {
    ...spec,
    read: spec.read.filter((path) => !ways.includes(path)),
    write: spec.write.filter((path) => !told.includes(path)),
  };
};

/** Of the person's shell where it is there, else of the one that is everywhere. */
const SHELL = ['sh', '-c', 'exec "$(command -v "$SHELL" || echo sh)"'] as const;

/** Writes the script that becomes such a shell; where the instance is not shut in there is none. */
export const writeInsideShell = async (
  { env, files, paths }: Target,
  id: string,
  shut: { readonly insideWall?: readonly string[]; readonly env: Readonly<Record<string, string>> },
): Promise<void> => {
  const script = insideScript(paths, id);
  if (!shut.insideWall) {
    await files.remove(script);
    return;
  }
  const { DROVER_SOCKET: _socket, ...inside } = shut.env;
  const own = pickedEnv(env, ['PATH', ...IDENTITY_ENV]);
  const text = launchScript({ argv: SHELL, env: { ...own, ...inside }, keep: [], wall: shut.insideWall });
  await files.write(script, text);
};
