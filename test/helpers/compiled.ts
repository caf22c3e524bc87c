import { fileURLToPath } from 'node:url';

/** Where programs of tests keep what Node has compiled, for those that come after them. */
export const compiled = fileURLToPath(new URL('../../node_modules/.cache/drover-tests', import.meta.url));
