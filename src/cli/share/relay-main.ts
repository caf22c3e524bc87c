import { messageOf } from '../../lib/errors.ts';
import type { RelayNews, RelayOrder } from '../../relay/orders.ts';
import { openRelayShare, type RelayShare } from './relay-share.ts';

// Only the daemon ends the relay, by the end of the line between them or by force.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

/** Without the callback a word to a daemon that has just left would be an uncaught error. */
const tell = (news: RelayNews): void =>
  void (process.connected && process.send?.(news, undefined, {}, () => undefined));

const shares = new Map<string, Promise<RelayShare>>();

const close = async (id: string, because: string): Promise<void> => {
  const share = shares.get(id);
  shares.delete(id);
  await (await share?.catch(() => undefined))?.close(because);
};

const carryOut = async (order: RelayOrder): Promise<void> => {
  if (order.kind === 'close') {
    await close(order.id, order.because);
    return tell({ kind: 'closed', id: order.id });
  }
  const { share } = order;
  const opening = openRelayShare(share, tell);
  shares.set(share.id, opening);
  try {
    await opening;
    tell({ kind: 'opened', id: share.id });
  } catch (error) {
    shares.delete(share.id);
    tell({ kind: 'failed', id: share.id, why: messageOf(error) });
  }
};

process.on('message', (order) => void carryOut(order as RelayOrder));
process.on('disconnect', () => {
  void Promise.all([...shares.keys()].map((id) => close(id, 'The daemon of the owner has ended.'))).finally(() =>
    process.exit(0),
  );
});
