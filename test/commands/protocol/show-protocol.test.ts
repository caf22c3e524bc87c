import { expect, test } from 'vitest';
import { understand } from '../../../src/commands/dispatch.ts';
import { showProtocol } from '../../../src/commands/protocol/show-protocol.ts';
import { statusProtocol } from '../../../src/commands/protocol/status-protocol.ts';
import { languageOf } from '../../helpers/desk.ts';

const language = languageOf([showProtocol]);

test('"show protocol" is "status protocol" in another word', () => {
  expect(showProtocol).toMatchObject({
    run: statusProtocol.run,
    params: statusProtocol.params,
    role: statusProtocol.role,
  });
  expect(understand(language, { text: 'show protocol' }).command).toBe(showProtocol);
});
