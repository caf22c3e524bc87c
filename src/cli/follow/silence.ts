import { pidOfDaemon } from '../../client/gone.ts';
import type { Paths } from '../../lib/paths.ts';

/** Tells whoever follows something that the daemon has become silent, and that it answers again. */
export const silenceTeller =
  (paths: Paths, tell: (line: string) => void): ((since: number | null) => void) =>
  (since) => {
    if (since === null) return tell('the daemon answers again');
    const seconds = Math.round((Date.now() - since) / 1000);
    void pidOfDaemon(paths).then((pid) =>
      tell(
        `the daemon (process ${pid ?? 'unknown'}) has not answered for ${seconds} s: what happens is shown when it does; "drover health" says what to do`,
      ),
    );
  };
