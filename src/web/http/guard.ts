import type { AppError } from '../../lib/errors.ts';
import { wrongHost, wrongOrigin } from '../errors.ts';

/** What a browser says of itself and of where a request comes from; a program can leave out all but the first. */
export type Provenance = {
  /** The name by which it believes to speak with us, with the port. */
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** How the site that asks and ours are related, as the browser sees it. */
  readonly site: string | undefined;
};

/** Under which names we are reached. The port is not ours alone to know: it is another one at the end of a tunnel. */
export type Place = { readonly names: ReadonlySet<string>; readonly isSecure: boolean };

/** What is shown by its own address, or by a link of another site, and tells nobody anything. */
type Openness = 'page' | 'interface';

const HOST = /^(?<name>\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::\d{1,5})?$/u;

/**
 * Judges where a request comes from; undefined when it may go on. A site that has its own name lead to this machine is
 * told apart by the name, and a site that asks from its own page by its origin.
 */
export const judgeProvenance = (from: Provenance, place: Place, openness: Openness): AppError | undefined => {
  const host = from.host?.toLowerCase() ?? '';
  const name = HOST.exec(host)?.groups?.['name'];
  if (name === undefined || !place.names.has(name)) return wrongHost({ host: host.slice(0, 100) || 'none' });
  const own = `${place.isSecure ? 'https' : 'http'}://${host}`;
  if (from.origin !== undefined && from.origin.toLowerCase() !== own) return wrongOrigin();
  const isForeign = from.site === 'cross-site' || from.site === 'same-site';
  return openness === 'interface' && isForeign ? wrongOrigin() : undefined;
};
