import { createContext, use } from 'react';
import type { LanguageAnswer } from '../../../src/web/wire.ts';

/** What lines are said in; null before it is there. */
export const LanguageContext = createContext<LanguageAnswer | null>(null);

export const useLanguage = (): LanguageAnswer | null => use(LanguageContext);
