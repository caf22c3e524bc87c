import { expect, test } from 'vitest';
import { understand } from '../../../src/commands/dispatch.ts';
import { launchInstance } from '../../../src/commands/instances/launch-instance.ts';
import { launchSwarm } from '../../../src/commands/swarm/launch-swarm.ts';
import { languageOf } from '../../helpers/desk.ts';

const language = languageOf([launchSwarm]);

test('"launch swarm" is "launch instances" in another word', () => {
  expect(launchSwarm).toMatchObject({
    run: launchInstance.run,
    params: launchInstance.params,
    role: launchInstance.role,
  });
  expect(understand(language, { text: 'launch swarm 3 agent=rehearsal' }).command).toBe(launchSwarm);
});
