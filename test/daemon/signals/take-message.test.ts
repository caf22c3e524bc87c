import { expect, test } from 'vitest';
import { withLimitEnd } from '../../../src/daemon/signals/take-message.ts';

const NOW = '2026-11-20T08:00:00.000Z';

test('a limit ends when its words say so, else after a rest', () => {
  const limited = (resets: string | null) => withLimitEnd({ kind: 'limited', message: 'm', resets }, NOW, 60_000);
  expect(limited('9:02am (UTC)')).toEqual({ kind: 'limited', message: 'm', until: '2026-11-20T09:02:00.000Z' });
  for (const resets of [null, 'some day'])
    expect(limited(resets)).toEqual({ kind: 'limited', message: 'm', until: '2026-11-20T08:01:00.000Z' });
  expect(withLimitEnd({ kind: 'ready' }, NOW, 60_000)).toEqual({ kind: 'ready' });
});
