import { z } from 'zod';
import type { Instance, Share } from '../../state/instances.ts';

/** A user by name or number; what is only digits is read as a number. */
export const userParam = z.union([z.string(), z.number()]).transform(String).pipe(z.string());

/** What somebody types to join what is shared with them. */
export const joinCommand = ({ socket }: Pick<Share, 'socket'>): string => `drover sessions join ${socket}`;

/** One share in words, as a list shows it. */
export const shareText = ({ user, rw, until }: Pick<Share, 'user' | 'rw' | 'until'>): string =>
  `${user}, ${rw ? 'types as well' : 'looks only'}, until ${until}`;

export const sharesOf = ({ shares = [] }: Pick<Instance, 'shares'>): readonly Share[] => shares;
