import { z } from 'zod';
import { layersFor, policyRecord } from '../../state/permissions.ts';
import type { Settings } from '../../state/settings.ts';

/** How questions for a permission are answered on a person's behalf, from all layers of the configuration. */
export const policySchema = z.object({
  policy: z.enum(['ask', 'allow', 'deny']).describe('What is answered where no rule matches; ask: a person is asked'),
  allow: z.array(z.string()).describe('Rules for what is allowed without a question'),
  deny: z.array(z.string()).describe('Rules for what is denied without a question'),
});
type Policy = z.infer<typeof policySchema>;

export const policyFor = (settings: Settings, who: { agent: string | null; mode: string | null }): Policy =>
  policyRecord(layersFor(settings, who));

const WORDS: Readonly<Record<Policy['policy'], string>> = {
  ask: 'a person is asked for a permission',
  allow: 'every permission is given',
  deny: 'every permission is refused',
};

/** The same in a line. */
export const policyText = ({ policy, allow, deny }: Policy): string =>
  [
    ...(deny.length === 0 ? [] : [`refused: ${deny.join(', ')}`]),
    ...(allow.length === 0 ? [] : [`given: ${allow.join(', ')}`]),
    `${allow.length + deny.length === 0 ? '' : 'else '}${WORDS[policy]}`,
  ].join('; ');
