import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { endForwarder, lostForwarders, readForwarder } from '../../src/process/lost-forwarders.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { openForwarded } from '../helpers/forwarded.ts';
import { noSandbox } from '../helpers/sandbox.ts';

test('a forwarder is known by what it was told, and nothing else is one', () => {
  const script = '/opt/drover/assets/forward.mjs';
  expect(readForwarder(['node', script, '/r/spool/a-1', 'net.sock', '3128,5432', '2'])).toEqual({
    folder: '/r/spool/a-1',
    program: 2,
  });
  expect(readForwarder(['node', script, '/r/spool/a-1', 'net.sock', '3128'])).toEqual({
    folder: '/r/spool/a-1',
    program: null,
  });
  expect(readForwarder(['perl', '/opt/drover/assets/forward.pl', '/r/spool/a-1', 'net.sock', '3128', '2'])).toEqual({
    folder: '/r/spool/a-1',
    program: 2,
  });
  for (const argv of [
    [],
    ['node', script],
    ['vi', script, '/r/spool/a-1'],
    ['node', '/opt/other.mjs', '/r/spool/a-1', 'net.sock', '3128'],
    ['node', script, '/r/spool/a-1', 'other.sock', '3128'],
    ['node', script, '/r/spool/a-1', 'net.sock', '3128', '2', 'more'],
  ])
    expect(readForwarder(argv)).toBeUndefined();
});

describe.skipIf(noSandbox !== undefined)(`forwarders of sandboxes (${noSandbox ?? 'there is one'})`, () => {
  test('one is lost when its program is gone, and is ended by nobody who does not name it', async () => {
    using folder = temporaryFolder('forwarders');
    const [spool, other] = [join(folder.path, 'spool'), join(folder.path, 'spool-of-another')];
    const sandbox = await openForwarded(folder.path, join(spool, 'rehearsal-1'));
    const foreign = await openForwarded(folder.path, join(other, 'rehearsal-1'));
    expect(lostForwarders([spool, other])).toEqual([]);
    await sandbox.endProgram();
    await foreign.endProgram();
    await expect.poll(() => lostForwarders([spool])).toMatchObject([{ folder: join(spool, 'rehearsal-1') }]);
    const [found] = lostForwarders([spool]);
    expect(endForwarder({ ...found!, started: '1' })).toBe(false);
    expect(lostForwarders([spool])).toEqual([found]);
    expect(endForwarder(found!)).toBe(true);
    await expect.poll(() => lostForwarders([spool])).toEqual([]);
    expect(endForwarder(found!)).toBe(false);
    expect(lostForwarders([other])).toHaveLength(1);
  });
});
