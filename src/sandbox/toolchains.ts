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

/** What is to be seen of a hidden home, and of wherever the programs of a swarm lie. */
export const readsFor = (of: {
  readonly home: string;
  /** The variable of that name. */
  readonly path: string;
  /** Programs and folders that are needed, wherever they lie. */
  readonly needed: readonly string[];
}): readonly string[] => {
  // A folder that holds the home would lay all of it open.
  const searched = of.path
    .split(':')
    .filter((folder) => folder.startsWith('/') && folder !== '/' && !`${of.home}/`.startsWith(`${folder}/`));
  return [...new Set([...TOOLCHAINS.map((name) => `${of.home}/${name}`), ...searched, ...of.needed])];
};
