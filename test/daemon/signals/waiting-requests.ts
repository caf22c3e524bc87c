import type { EventDraft } from '../../../src/state/index.ts';
import type { Request } from '../../../src/state/instances.ts';

export const ID = 'claude-1';

/** A request to run a command, as an instance waits with it. */
export const request = (command: string, helper: string | null = null): Request => ({
  ask: `${ID}-${command}.ask`,
  tool: 'Bash',
  subject: command,
  helper,
  question: `May it use Bash: ${command}?`,
});

/** The fact that the instance waits with these requests, the first one first. */
export const waits = (...requests: Request[]): EventDraft => ({
  type: 'instance.moved',
  data: {
    instance_id: ID,
    state: 'waiting',
    source: 'hook',
    evidence: 'asks',
    question: requests[0]!.question,
    requests,
  },
});
