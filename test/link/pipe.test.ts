import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { badAddress, notAllowed } from '../../src/link/errors.ts';
import { pipeTransport } from '../../src/link/pipe.ts';
import { linkContract } from '../contract/link.ts';
import { servedLinkContract } from '../contract/link-server.ts';
import { pipeStage } from '../contract/link-stage.ts';
import { temporaryFolder } from '../helpers/folder.ts';

linkContract('the standard input and output of a program', pipeStage);
servedLinkContract('the standard input and output of a program', pipeStage);

test.each(['node', '[]', '"node"', '["node", 1]'])(
  '%s is not taken for a program and its arguments',
  async (address) => {
    await expect(pipeTransport.connect(address)).rejects.toSatisfy(badAddress.matches);
  },
);

test('a file that cannot be run is refused by name', async () => {
  using folder = temporaryFolder('pipe');
  const file = join(folder.path, 'program');
  writeFileSync(file, '', { mode: 0o600 });
  const address = JSON.stringify([file]);
  await expect(pipeTransport.connect(address)).rejects.toSatisfy(notAllowed.matches);
});
