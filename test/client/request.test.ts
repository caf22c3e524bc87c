import { expect, test } from 'vitest';
import { ask } from '../../src/client/request.ts';
import { LONGEST_REQUEST } from '../../src/link/stream-link.ts';
import type { Paths } from '../../src/lib/paths.ts';

test('what no daemon takes, because it is too long, is said to no daemon', async () => {
  const text = 'x'.repeat(LONGEST_REQUEST);
  const asked = ask({} as Paths, {}, { actor: 'cli', view: { columns: 80, color: false }, text });
  await expect(asked).rejects.toMatchObject({
    code: 'client/too-long',
    exit: 2,
    message: expect.stringContaining(`at most ${LONGEST_REQUEST}`),
  });
});
