import type { Actor } from '../../commands/define.ts';
import { denied } from '../../protocol/errors.ts';
import type { RunFrame } from '../../protocol/frame.ts';
import { loweredTo } from '../../protocol/permission.ts';
import type { Role } from '../../protocol/signature.ts';
import { tokenOf } from '../actions/launch-instance.ts';
import { CLIENTS } from '../../state/actors.ts';
import type { DaemonServices } from '../services.ts';
import type { Speaker } from './speaker.ts';

/** Somebody at the page, by the name of the token that let them in. */
const AT_THE_PAGE = /^web:[a-z0-9][a-z0-9._-]{0,39}$/u;

/** Somebody of whom the system could tell where he comes from, and it is not known. */
const isDoubtful = (speaker: Speaker): speaker is Speaker & { kind: 'unknown' } =>
  speaker.kind === 'unknown' && !speaker.peerless;

/** The name under which everything is written down that somebody says: that of the instance, wherever one is seen. */
export const observedName = (speaker: Speaker, frame: Pick<RunFrame, 'actor'>): string => {
  if (speaker.kind === 'instance') return speaker.id;
  if (speaker.kind === 'daemon') return 'daemon';
  if (isDoubtful(speaker)) return speaker.suspect ?? 'unknown';
  return CLIENTS.includes(frame.actor) || AT_THE_PAGE.test(frame.actor) ? frame.actor : 'cli';
};

const isTokenOf = async (services: DaemonServices, id: string, token: string): Promise<boolean> => {
  const known = services.store.state.instances[id];
  return known !== undefined && (await tokenOf(services.targetOf(known), known.instance_id)) === token;
};

/** What a request says of itself that tells whose it is. */
export type Claim = Pick<RunFrame, 'actor' | 'token' | 'role'>;

/** Why somebody may do no more, and how they would; nothing where they may do everything. */
const doubtOf = (speaker: Speaker, localRole: Role): { readonly doubt?: string } => {
  if (isDoubtful(speaker))
    return {
      doubt: `Say it in a terminal that no agent could have opened, such as one from before the agents or over ssh, or set security.unknownRole there: nobody can tell whether a person says it here, for ${speaker.because}.`,
    };
  if (localRole === 'admin') return {};
  return {
    doubt: `security.localRole is ${localRole} here; a daemon that is started with DROVER_SECURITY_LOCAL_ROLE=admin goes by that instead.`,
  };
};

/** The role of a speaker, or less where the request asks for less: it can ask for no more. */
const lowered = (actor: Actor, { role }: Claim): Actor => (role === undefined ? actor : loweredTo(actor, role));

/**
 * The actor of a request. Who lives below an agent's terminal is that agent, with its token or without; a token never
 * gives more than was seen already, it only makes an agent of a person, or where the system tells nothing of anybody.
 */
export const actorOf = async (services: DaemonServices, speaker: Speaker, frame: Claim): Promise<Actor> => {
  const name = observedName(speaker, frame);
  const { localRole, unknownRole } = services.settings.security;
  if (frame.token === undefined) {
    if (speaker.kind === 'instance') return { name, role: 'agent', instance: speaker.id };
    const role = isDoubtful(speaker) ? unknownRole : localRole;
    return lowered({ name, role, instance: null, ...doubtOf(speaker, localRole) }, frame);
  }
  const isOther = speaker.kind === 'instance' && speaker.id !== frame.actor;
  if (isOther || isDoubtful(speaker) || !(await isTokenOf(services, frame.actor, frame.token)))
    throw denied({ actor: name, command: 'anything', needs: 'Its token is not that of an instance.' });
  return { name: frame.actor, role: 'agent', instance: frame.actor };
};
