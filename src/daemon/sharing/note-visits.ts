import type { Audit } from '../../audit/open.ts';
import { messageOf } from '../../lib/errors.ts';
import type { RelayVisit } from '../../relay/orders.ts';
import { plural } from '../../text/wording.ts';
import { auditNoter } from '../serve/requests.ts';
import type { DaemonServices } from '../services.ts';
import type { InstanceShare } from './shares.ts';

const resultOf = (visit: RelayVisit, rw: boolean): string => {
  if (visit.kind === 'joined') return rw ? 'looks on, and may type' : 'looks on';
  if (visit.kind === 'left') return rw ? `${visit.why}; ${plural(visit.typed, 'key')} typed` : visit.why;
  return visit.times === 1 ? visit.why : `${visit.why} (${visit.times} times)`;
};

/** Writes down in the audit who came to a terminal that is shared, went, and was refused, as the kernel names them. */
export const visitNoter = (
  services: DaemonServices,
  audit: Pick<Audit, 'note'>,
  shareOf: (id: string) => InstanceShare | undefined,
): ((visit: RelayVisit) => void) => {
  const note = auditNoter(services, audit);
  return (visit) => {
    const shared = shareOf(visit.id);
    if (!shared) return;
    const { instance, share } = shared;
    const isGuest = visit.uid === share.uid;
    const seen = `user ${visit.uid ?? 'unknown'}, process ${visit.pid}, at the socket of the share`;
    const whose = { actor: isGuest ? `guest:${share.user}` : `uid:${visit.uid ?? 'unknown'}`, role: 'guest' };
    void note(
      { ...whose, seen, corr: 'share' },
      {
        command: `${visit.kind === 'left' ? 'leave' : 'join'} session ${instance.instance_id}`,
        targets: [instance.instance_id],
        decision: visit.kind === 'refused' ? 'denied' : 'allowed',
        exit: visit.kind === 'refused' ? 4 : 0,
        result: resultOf(visit, share.rw),
      },
    ).catch((error: unknown) => services.log(`a visit is not in the audit: ${messageOf(error)}`));
  };
};
