import { join } from 'node:path';

/** Where a person's secrets lie: sealed in one place, and the key to them in another. */
export const secretPlaces = (
  { data, home }: { readonly data: string; readonly home: string },
  env: Readonly<Record<string, string | undefined>>,
): { folder: string; keyFile: string } => ({
  folder: join(data, 'drover', 'secrets'),
  keyFile: join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'drover', 'secrets.key'),
});
