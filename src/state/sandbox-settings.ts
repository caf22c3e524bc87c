import { z } from 'zod';
import { parseHostRule } from './sandbox-hosts.ts';
import { ALLOWS } from './setting-power.ts';

/** How far a program is shut in; each one closes more than the one before it. */
export const SANDBOX_MODES = ['off', 'worktree', 'strict'] as const;
export type SandboxMode = (typeof SANDBOX_MODES)[number];

/** The most that any of these words closes. */
export const strongestOf = (modes: readonly unknown[]): SandboxMode =>
  SANDBOX_MODES.findLast((mode) => modes.includes(mode)) ?? SANDBOX_MODES[0];

/** What holds of a sandbox that is asked for; each one insists more than the one before it. */
export const SANDBOX_NEEDS = ['off', 'if-available', 'required'] as const;
export type SandboxNeed = (typeof SANDBOX_NEEDS)[number];

export const NETWORKS = ['on', 'allow-list', 'off'] as const;
/** Whom a program in a sandbox reaches: all whom you reach, those on a list, or nobody. */
export type SandboxNetwork = (typeof NETWORKS)[number];

/** What an agent or a run profile says of it for itself. */
export const ownSandboxSchema = z
  .enum(SANDBOX_MODES)
  .optional()
  .describe('How far it is shut in, instead of what sandbox.mode says or, without that, its autonomy');

const hostEntry = z
  .string()
  .refine(
    (text) => parseHostRule(text) !== undefined,
    'a host is a name like example.org, *.example.org or example.org:8443, a private address like 10.0.0.7:5000, or a service of this machine like localhost:11434',
  );

/** Which folders are too much is seen when a program is started: it depends on where everything lies. */
const folder = z
  .string()
  .regex(/^(?:~\/|\/)[^\0\r\n]*[^\0\r\n/][^\0\r\n]*$/u, 'a folder begins with / or ~/, and is neither of them')
  .refine((text) => !text.split('/').some((name) => name === '..' || name === '.'), 'there is no . or .. in it');

export const sandboxSchema = z
  .strictObject({
    mode: z
      .enum(SANDBOX_MODES)
      .optional()
      .describe(
        'How far agents are shut in. Without it: worktree in modes of autonomy full, off in all others. worktree: they write in their own worktree alone, with a git folder and a home of their own, and see no keys and no other worktree; strict: nor your checkout, and reach nobody but whom sandbox.hosts names; off: as any program of yours',
      ),
    need: z
      .enum(SANDBOX_NEEDS)
      .default('if-available')
      .describe(
        'How much a sandbox is needed where one is asked for; required: without one nothing is started, if-available: it is started without where the machine has none, and that is told, off: nothing is in one, whatever else is said',
      ),
    network: z
      .enum(NETWORKS)
      .optional()
      .describe(
        'Whom an agent in a sandbox reaches; on: all whom you reach, services of this machine included; allow-list: its model and what sandbox.hosts names; off: nobody, not even its model. Without it: on in worktree, allow-list in strict',
      ),
    hosts: z
      .array(hostEntry)
      .default([])
      .describe(
        'Hosts for allow-list, at the ports 443 and 80 where none is said: ["registry.npmjs.org", "*.example.org", "example.org:8443"]; localhost:11434 is a service of this machine',
      ),
    read: z
      .array(folder)
      .default([])
      .describe('Folders and files that sandboxes see beside what they need: ["~/.m2/repository", "/srv/data"]'),
    write: z.array(folder).default([]).describe('The same for what they can write as well: ["~/.cache/project"]'),
    checks: z
      .enum(SANDBOX_MODES)
      .optional()
      .describe(
        'How far checks and gates are shut in, each in a sandbox of its own; without it as sandbox.mode says, or the strictest of agents and modes, and without those worktree as soon as an agent was ever in one',
      ),
    checks_network: z
      .enum(NETWORKS)
      .optional()
      .describe('Whom checks and gates in a sandbox reach; for allow-list sandbox.hosts counts. Without it: off'),
    setup: z
      .enum(SANDBOX_MODES)
      .optional()
      .describe(
        'How far set-up and teardown are shut in where an agent may have written what they run, with the network of agents; without it as checks are',
      ),
  })
  .meta(ALLOWS)
  .prefault({});
