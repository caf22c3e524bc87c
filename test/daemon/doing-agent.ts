const DOES = String.raw`brief=$(printf %s "$1" | grep -o '/[^ "]*task-[^ "]*[.]md' | head -1)
eval "$(sed -n 's/.*DO<\(.*\)>.*/\1/p' "$brief" | head -1)"`;

/** Settings with an agent that does in its worktree what is written in its task, and ends. */
export const doing = {
  agent: 'doing',
  agents: { doing: { command: ['bash', '-c', DOES, 'agent', '{prompt}'], prompt: 'argument' } },
  recovery: { tries: 0 },
};
