import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSwarm } from '../../helpers/swarm.ts';

test.each(['release', 'main'])(
  '[SEC-7] what an agent leaves on the person’s branch %s comes into the archive, not onto the branch',
  async (branch) => {
    await using swarm = await openSwarm();
    swarm.git('branch', 'release');
    await swarm.say('launch 1 instance');
    const { workspace_path: worktree } = (await swarm.state()).instances['rehearsal-1']!;
    const before = swarm.git('rev-parse', branch);
    execFileSync('git', ['-C', worktree, 'symbolic-ref', 'HEAD', `refs/heads/${branch}`], { env: swarm.env });
    writeFileSync(join(worktree, 'sneaky'), 'x\n');
    expect((await swarm.say('stop instance rehearsal-1')).exit).toBe(0);
    expect(swarm.git('rev-parse', branch)).toBe(before);
    const kept = swarm.git('for-each-ref', '--format=%(refname)', 'refs/drover/archive/').split('\n');
    expect(kept.map((ref) => swarm.git('show', `${ref}:sneaky`))).toContain('x');
    expect((await swarm.say('remove instance rehearsal-1')).exit).toBe(0);
  },
);
