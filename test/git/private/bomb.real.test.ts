import { describe, expect, test } from 'vitest';
import { noSandbox } from '../../helpers/sandbox.ts';
import { archived, openInside } from '../inside.ts';

/** Writes a commit whose message is one letter again and again; prints its id. It takes few bytes on the disk. */
const BOMB = String.raw`
const { createHash } = require('node:crypto');
const { createWriteStream, mkdirSync, renameSync } = require('node:fs');
const { finished } = require('node:stream/promises');
const [objects, tree, parent, mib] = process.argv.slice(2);
const part = Buffer.alloc(1024 * 1024, 'a');
const who = 'Mallory <m@example.org> 1700000000 +0000';
const head = 'tree ' + tree + '\nparent ' + parent + '\nauthor ' + who + '\ncommitter ' + who + '\n\n';
const parts = function* () {
  yield Buffer.from('commit ' + (head.length + mib * part.length) + '\0' + head);
  for (let n = 0; n < mib; n++) yield part;
};
(async () => {
  const hash = createHash('sha1');
  const zip = require('node:zlib').createDeflate({ level: 1 });
  zip.pipe(createWriteStream(objects + '/bomb'));
  const ended = new Promise((resolve) => zip.on('end', resolve));
  for (const one of parts()) {
    hash.update(one);
    if (!zip.write(one)) await new Promise((resolve) => zip.once('drain', resolve));
  }
  zip.end();
  await ended;
  const id = hash.digest('hex');
  mkdirSync(objects + '/' + id.slice(0, 2), { recursive: true });
  renameSync(objects + '/bomb', objects + '/' + id.slice(0, 2) + '/' + id.slice(2));
  console.log(id);
})();
`;

/** Makes a branch lead to a commit that says of itself that it is of 5 GiB. */
const VAST = String.raw`
const { mkdirSync, writeFileSync } = require('node:fs');
const [folder, tree] = process.argv.slice(2);
const head = 'commit ' + 5 * 2 ** 30 + '\0tree ' + tree + '\n';
mkdirSync(folder + '/objects/12', { recursive: true });
writeFileSync(folder + '/objects/12/' + '3'.repeat(38), require('node:zlib').deflateSync(head));
writeFileSync(folder + '/refs/heads/work', '12' + '3'.repeat(38) + '\n');
`;

describe.skipIf(noSandbox !== undefined)(`what comes out of a sandbox (${noSandbox ?? 'there is one'})`, () => {
  test('[SEC-9] a commit that is hundreds of times as large as its object is refused in one sentence, and what is sound comes', {
    timeout: 120_000,
  }, async () => {
    await using one = await openInside({ files: { 'bomb.cjs': BOMB } });
    const { git, inside, user, worktree } = one;
    const words = `"$(git rev-parse --git-common-dir)/objects" "$(git rev-parse HEAD^{tree})" "$(git rev-parse HEAD)" 520`;
    inside(`git update-ref refs/heads/work "$(node bomb.cjs ${words})"`);
    await expect(git.worktreeState(worktree)).rejects.toMatchObject({
      code: 'git/not-brought',
      message: expect.stringMatching(/is not brought into the repository, because git refuses it: .*memory/u),
    });
    expect([user('log', '--format=%s', 'work'), archived(one)]).toEqual(['with bomb.cjs\nfirst\n', []]);
    inside('git update-ref refs/heads/work work~1; echo a >a; git add a; git commit -qm sound; git gc -q --prune=now');
    expect(await git.worktreeState(worktree)).toMatchObject({ branch: 'work', dirty: [] });
    expect(user('log', '--format=%s', 'work')).toBe('sound\nwith bomb.cjs\nfirst\n');
  });

  test('[SEC-9] what gives objects out gets no memory without an end: a commit that says it is 5 GiB is refused in one sentence', async () => {
    await using one = await openInside({ files: { 'vast.cjs': VAST } });
    const { git, inside, user, worktree } = one;
    inside('node vast.cjs "$(git rev-parse --git-common-dir)" "$(git rev-parse HEAD^{tree})"');
    await expect(git.worktreeState(worktree)).rejects.toMatchObject({
      code: 'git/not-brought',
      // Whoever takes it finds an end: it is the other one that was kept from it.
      message: expect.stringMatching(/because git refuses it: .*out of memory.*5368709121.*early EOF/iu),
    });
    expect(user('log', '--format=%s', 'work')).toBe('with vast.cjs\nfirst\n');
  });

  test('large files come out as they are, also where the agent has packed them as differences', async () => {
    await using one = await openInside();
    const { git, inside, user, worktree } = one;
    inside(
      'head -c 34000000 /dev/urandom >large; git add large; git commit -qm one; echo more >>large; git commit -qam two',
    );
    inside('git repack -adfq');
    await git.worktreeState(worktree);
    expect(user('log', '--format=%s', 'work')).toBe('two\none\nfirst\n');
    expect(user('cat-file', '-s', 'work:large')).toBe('34000005\n');
    expect(user('fsck', '--strict', '--no-dangling')).toBe('');
  });
});
