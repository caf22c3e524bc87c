// Writes the journal fixture of a version: node test/state/record-journal.ts 0.1.0. Never for a version that is released.
import { cpSync } from 'node:fs';
import { openStore } from '../../src/state/store/open.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { releasedVersions } from './frozen-journals.ts';
import { optionsIn } from './store/place.ts';
import { story } from './story.ts';

const version = process.argv[2] ?? '';
if (!/^\d+\.\d+\.\d+/u.test(version) || releasedVersions().includes(version))
  throw new Error(`"${version}" is no version whose journal may be written.`);

using folder = temporaryFolder('record');
const options = optionsIn(folder.path);
{
  await using store = await openStore(options);
  // The tasks of a plan are created in one piece; everything else comes one by one.
  const pieces = [story.slice(0, 1), story.slice(1, 7), ...story.slice(7).map((draft) => [draft])];
  for (const piece of pieces) await store.append(piece, { actor: 'cli', corr: 'k1' });
}
const target = new URL(`../fixtures/journals/${version}.jsonl`, import.meta.url);
cpSync(`${options.paths.journal}/000000000001.jsonl`, target);
