import { holdsKeys } from './folders.ts';

/**
 * Where programs of a person lie below the home: toolchains and the programs of agents. None of them holds keys, which is
 * why `.cargo`, `.config` and the like are not there as a whole.
 */
const TOOLCHAINS = [
  ...['.local/bin', 'bin', '.local/share/claude', '.local/share/mise', '.local/share/pnpm', '.local/share/uv'],
  ...['.nvm/versions', '.nvm/alias', '.fnm', '.local/share/fnm', '.volta/bin', '.volta/tools', '.asdf', '.bun/bin'],
  ...['.deno/bin', '.cargo/bin', '.rustup', '.pyenv', '.rbenv', '.sdkman/candidates', '.jenv', 'go/bin', '.opam'],
  ...['.linuxbrew', '.nix-profile', '.local/state/nix', '.ghcup/bin', '.dotnet', '.opencode/bin', '.kiro/bin'],
] as const;

/** The folders of a PATH; one that holds the home, or keys in it, would lay all of that open. */
export const searchedFolders = (home: string, path: string): readonly string[] =>
  path.split(':').filter((folder) => folder.startsWith('/') && folder !== '/' && !holdsKeys(home, folder));

/** What is to be seen of a hidden home. */
export const toolchainsIn = (home: string): readonly string[] => TOOLCHAINS.map((name) => `${home}/${name}`);
