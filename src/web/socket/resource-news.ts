import type { ResourceRow } from '../../text/resource-rows.ts';
import type { Hub } from '../swarm/hub.ts';

/** The daemon measures as often as that, in milliseconds. */
const EVERY_MS = 2000;

type Rows = Readonly<Record<string, ResourceRow | null>>;
type Tell = (rows: Rows) => void;

/** What the agents take, for all pages that want to know: asked for once, and told where it has changed. */
export type ResourceNews = {
  /** Tells what is known, and then what changes. Gives the way to stop. */
  watch(tell: Tell): () => void;
  close(): void;
};

/** What a person sees of it: times that only go on are no change. */
const looks = ({ at: _at, ...row }: ResourceRow): string => JSON.stringify(row);

const changesOf = (before: ReadonlyMap<string, ResourceRow>, now: ReadonlyMap<string, ResourceRow>): Rows => {
  const changed = [...now].filter(([id, row]) => {
    const old = before.get(id);
    return !old || looks(old) !== looks(row);
  });
  const gone = [...before.keys()].filter((id) => !now.has(id)).map((id) => [id, null] as const);
  return Object.fromEntries([...changed, ...gone]);
};

export const openResourceNews = (hub: Pick<Hub, 'run' | 'presence'>, everyMs = EVERY_MS): ResourceNews => {
  const listeners = new Set<Tell>();
  let known: ReadonlyMap<string, ResourceRow> = new Map();
  let timer: NodeJS.Timeout | undefined;
  let round = 0;

  const look = async (): Promise<void> => {
    // None is started only to be asked this.
    if (!hub.presence.connected) return;
    round += 1;
    const extra = { id: `web-top-${round}-${Date.now()}`, actor: 'web', role: 'viewer' as const };
    const { exit, data } = await hub.run({ line: 'top instances', extra });
    if (exit !== 0) return;
    const now = new Map((data as readonly ResourceRow[]).map((row) => [row.instance_id, row]));
    const changes = changesOf(known, now);
    known = now;
    if (Object.keys(changes).length > 0) for (const tell of listeners) tell(changes);
  };
  const goOn = (): void => {
    clearTimeout(timer);
    if (listeners.size === 0) return;
    // A daemon that is gone is told elsewhere, and asked again when it is there.
    const round = look().catch(() => undefined);
    timer = setTimeout(() => void round.then(goOn), everyMs).unref();
  };
  return {
    watch: (tell) => {
      if (known.size > 0) tell(Object.fromEntries(known));
      listeners.add(tell);
      if (listeners.size === 1) goOn();
      return () => {
        listeners.delete(tell);
        if (listeners.size === 0) {
          clearTimeout(timer);
          known = new Map();
        }
      };
    },
    close: () => {
      listeners.clear();
      clearTimeout(timer);
    },
  };
};
