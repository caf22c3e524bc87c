import { expect, test } from 'vitest';
import { understand } from '../../../src/commands/dispatch.ts';
import { showSwarm } from '../../../src/commands/swarm/show-swarm.ts';
import { statusSwarm } from '../../../src/commands/swarm/status-swarm.ts';
import { languageOf } from '../../helpers/desk.ts';

const language = languageOf([showSwarm]);

test('"show swarm" is "status swarm" in another word', () => {
  expect(showSwarm).toMatchObject({ run: statusSwarm.run, params: statusSwarm.params, role: statusSwarm.role });
  expect(understand(language, { text: 'show swarm detailed' }).command).toBe(showSwarm);
});
