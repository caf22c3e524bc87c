import { locate } from '../../client/locate.ts';
import { defineError } from '../../lib/errors.ts';
import type { KnownIds } from '../../protocol/known-ids.ts';
import { knownIn } from '../../protocol/known-words.ts';
import { readProjectionState } from '../../state/store/rebuild.ts';
import type { Flags, Io } from '../io.ts';
import { languageAt } from '../language.ts';
import { missingWord } from '../options.ts';
import { printLine } from '../print.ts';
import { candidates } from './candidates.ts';

const unknownShell = defineError('completion/unknown-shell', 2, (p: { shell: string }) => ({
  message: `There is no completion for "${p.shell}".`,
  hint: 'Say drover completion bash, zsh or fish.',
}));

const SCRIPTS: Readonly<Record<string, string>> = {
  bash: `_drover() {
  local IFS=$'\\n'
  COMPREPLY=($(drover completion words -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _drover drover cc-orchestrator`,
  zsh: `#compdef drover cc-orchestrator
_drover() {
  local -a found
  found=(\${(f)"$(drover completion words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)"})
  (( \${#found} )) && compadd -a found || _files
}
compdef _drover drover cc-orchestrator`,
  fish: `complete -c drover -f -a '(drover completion words -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
complete -c drover -n '__fish_seen_subcommand_from rehearse import specs' -F
complete -c cc-orchestrator -w drover`,
};

/** Ids as the projection on the disk has them: completing must not start a daemon. */
const knownIds = async (io: Io): Promise<KnownIds> => {
  try {
    const state = await readProjectionState(locate(io.cwd, io.env));
    return knownIn(state ?? undefined);
  } catch {
    // Outside of a repository, or with a damaged file, there are simply no ids to offer.
    return {};
  }
};

/** `drover completion bash|zsh|fish` prints the script; the scripts ask `drover completion words -- …`. */
export const completion = async (io: Io, _flags: Flags, argv: readonly string[]): Promise<number> => {
  const [shell] = argv;
  if (shell === undefined)
    throw missingWord({ command: 'completion', what: 'bash, zsh or fish', example: 'drover completion bash' });
  if (shell === 'words') {
    const words = argv.slice(argv[1] === '--' ? 2 : 1);
    const [ids, language] = await Promise.all([knownIds(io), languageAt(io)]);
    printLine(io.stdout, candidates(words, { ids, language }).join('\n'));
    return 0;
  }
  const script = Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell] : undefined;
  if (script === undefined) throw unknownShell({ shell });
  printLine(io.stdout, script);
  return 0;
};
