import type { AgentAdapter } from '../../agents/adapter.ts';
import type { Target } from '../../ports/target.ts';
import { type Instance, isShutIn } from '../../state/instances.ts';
import { networkFor, type SandboxChoice, sandboxForInstance } from '../../state/sandbox-choice.ts';
import type { SandboxMode } from '../../state/sandbox-settings.ts';
import { sandboxKept, sandboxMissing } from '../errors.ts';
import type { DaemonServices } from '../services.ts';
import { type Loss, lossOf } from './loss.ts';
import type { Note } from './notes.ts';
import { modelHosts } from './ways-out.ts';

/** How far the program of an instance is shut in. */
export type Level = {
  readonly mode: SandboxMode;
  /** It was to be, and is not. */
  readonly isMissing: boolean;
  /** Its home is another one than that of the program before it, in which the conversation of that lies. */
  readonly isInOtherHome: boolean;
  readonly notes: readonly Note[];
};

/** What is wanted for an instance; a program that only pretends to work needs no walls that nobody asked for. */
const choiceFor = ({ settings }: DaemonServices, instance: Instance, { pretends }: AgentAdapter): SandboxChoice => {
  const wanted = sandboxForInstance(settings, instance);
  return pretends && !wanted.said ? { ...wanted, mode: 'off' } : wanted;
};

/** What there is of a sandbox for a program that is to be in one: why there can be none, or what it loses in there. */
type Ground = { readonly lack: string | null; readonly loss: Loss | null };

const groundFor = async (
  services: DaemonServices,
  target: Target,
  { adapter, mode }: { readonly adapter: AgentAdapter; readonly mode: SandboxMode },
): Promise<Ground> => {
  if (mode === 'off') return { lack: null, loss: null };
  const lack = await target.sandbox.lack({ what: 'agent', network: networkFor(services.settings, mode) });
  return { lack, loss: lack === null ? await lossOf(services, target, adapter) : null };
};

/** Why a program is not shut in that was to be. Who asked for it is warned, and so is who can mend the cause. */
const obstacleIn = (
  { lack, loss }: Ground,
  { said }: SandboxChoice,
): { readonly why: string; readonly severity: Note['severity'] } | null => {
  if (lack !== null) return { why: lack, severity: said ? 'warning' : 'info' };
  if (said || loss === null) return null;
  return { why: loss.why, severity: loss.repair === undefined ? 'info' : 'warning' };
};

/** What a sandbox costs that somebody asked for: without that word there would be none. */
const priceNotes = (
  id: string,
  { broughtIn }: AgentAdapter,
  { inherited }: SandboxChoice,
  loss: Loss,
): readonly Note[] => {
  const whose = inherited ? 'as programs before it in its worktree were' : 'as was asked for';
  return broughtIn ? [{ severity: 'warning', text: `${id} is in a sandbox ${whose}, but ${loss.why}` }] : [];
};

/** What an agent that cannot work without a network lacks where its sandbox has none. */
const networkNotes = (services: DaemonServices, instance: Instance, mode: SandboxMode): readonly Note[] => {
  if (networkFor(services.settings, mode) !== 'off' || modelHosts(services, instance).length === 0) return [];
  const text = `${instance.instance_id} reaches nobody, its own model neither, for sandbox.network is off: with allow-list it reaches that from its next start on`;
  return [{ severity: 'warning', text, suggestion: 'set config sandbox.network allow-list' }];
};

const homeNote = (id: string, mode: SandboxMode): Note => {
  const where =
    mode === 'off'
      ? 'it is in no sandbox any more, and the one before lies in the home that it had there'
      : 'it is in a sandbox now, and the one before lies in your home';
  return { severity: 'info', text: `${id} began a new conversation: ${where}` };
};

/**
 * How far the program of an instance is to be shut in, before anything of its start is made ready. Throws where a sandbox is
 * required and there is none: nobody is let out without a word. So it does where there is no good way: what earlier programs left
 * in the worktree is to run in a sandbox, for which nobody asked, and a copy of the login in there would end that of the person.
 */
export const levelFor = async (services: DaemonServices, instance: Instance, adapter: AgentAdapter): Promise<Level> => {
  const { instance_id: id, agent, conversation } = instance;
  const wanted = choiceFor(services, instance, adapter);
  const ground = await groundFor(services, services.targetOf(instance), { adapter, mode: wanted.mode });
  const { loss } = ground;
  const missing = obstacleIn(ground, wanted);
  if (missing && wanted.need === 'required')
    throw sandboxMissing({ instance: id, mode: wanted.mode, why: missing.why });
  if (missing) services.log(`${id} is started without a sandbox (${wanted.mode}): ${missing.why}`);
  if (wanted.inherited && loss?.endsLogin) throw sandboxKept({ instance: id, agent, mode: wanted.mode, why: loss.why });
  const mode = missing ? 'off' : wanted.mode;
  const isInOtherHome = conversation !== null && isShutIn(instance) !== (mode !== 'off');
  const without = `${id} runs without the sandbox that it was to have`;
  const notes: readonly Note[] = [
    ...(missing ? [{ severity: missing.severity, text: `${without}: ${missing.why}` }] : []),
    ...(isInOtherHome ? [homeNote(id, mode)] : []),
    ...(mode === 'off' || loss === null ? [] : priceNotes(id, adapter, wanted, loss)),
    ...networkNotes(services, instance, mode),
  ];
  return { mode, isMissing: missing !== null, isInOtherHome, notes };
};
