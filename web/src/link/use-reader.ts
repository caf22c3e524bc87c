import { createContext, use, useMemo } from 'react';
import type { MaySay } from '../../../src/attention/attention.ts';
import type { Identity } from '../../../src/protocol/frame.ts';
import type { Role } from '../../../src/protocol/signature.ts';
import type { LanguageAnswer } from '../../../src/web/wire.ts';
import { maySayOf, type Reader, readerOf } from '../model/may-say.ts';

/** Who looks at the page, and what is proposed to them. */
type Reading = { readonly reader: Reader; readonly maySay: MaySay };

export const ReaderContext = createContext<Reading>({ reader: { role: 'viewer' }, maySay: () => false });

export const useReader = (): Reading => use(ReaderContext);

/** The same object as long as it means the same: what is proposed is found once for each. */
export const useReading = (role: Role, server: Identity | null, language: LanguageAnswer | null): Reading => {
  const { role: own, doubt } = readerOf(role, server);
  return useMemo(() => {
    const reader: Reader = { role: own, ...(doubt === undefined ? {} : { doubt }) };
    return { reader, maySay: maySayOf(reader, language) };
  }, [own, doubt, language]);
};
