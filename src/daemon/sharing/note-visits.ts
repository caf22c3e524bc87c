import type { Audit } from '../../audit/open.ts';
import { messageOf } from '../../lib/errors.ts';
import { plural } from '../../text/wording.ts';
import type { RelayNews } from '../../relay/orders.ts';
import { auditNoter } from '../serve/requests.ts';
import type { DaemonServices } from '../services.ts';
import type { InstanceShare } from './shares.ts';

type Visit = Extract<RelayNews, { kind: 'joined' | 'left' | 'refused' }>;

const resultOf = (visit: Visit, rw: boolean): string => {
  if (visit.kind === 'joined') return rw ? 'looks on, and may type' : 'looks on';
  if (visit.kind === 'left') return rw ? `${visit.why}; ${plural(visit.typed, 'key')} typed` : visit.why;
  return visit.times === 1 ? visit.why : `${visit.why} (${visit.times} times)`;
};

/** Writes down in the audit who came to a terminal that is shared, went, and was refused, as the kernel names them. */
export const visitNoter = (
  services: DaemonServices,
  audit: Pick<Audit, 'note'>,
  shareOf: (id: string) => InstanceShare | undefined,
): ((news: RelayNews) => void) => {
  const note = auditNoter(services, audit);
  return (news) => {
    if (news.kind !== 'joined' && news.kind !== 'left' && news.kind !== 'refused') return;
    const shared = shareOf(news.id);
    if (!shared) return;
    const { instance, share } = shared;
    const isGuest = news.uid === share.uid;
    const seen = `user ${news.uid ?? 'unknown'}, process ${news.pid}, at the socket of the share`;
    const whose = { actor: isGuest ? `guest:${share.user}` : `uid:${news.uid ?? 'unknown'}`, role: 'guest' };
    void note(
      { ...whose, seen, corr: 'share' },
      {
        command: `${news.kind === 'left' ? 'leave' : 'join'} session ${instance.instance_id}`,
        targets: [instance.instance_id],
        decision: news.kind === 'refused' ? 'denied' : 'allowed',
        exit: news.kind === 'refused' ? 4 : 0,
        result: resultOf(news, share.rw),
      },
    ).catch((error: unknown) => services.log(`a visit is not in the audit: ${messageOf(error)}`));
  };
};
