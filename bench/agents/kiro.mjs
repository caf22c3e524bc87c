import { mkdirSync } from 'node:fs';
import { installKiro, personsFiles } from '../../test/kiro/program.ts';
import { openScriptedModel } from '../../test/models/anthropic.ts';
import { inPackage } from '../sandbox.mjs';

const FOLDER = inPackage('node_modules/.cache/drover-stand-ins');

/** The stand-in for Kiro CLI, because the program itself cannot be had here: its figures say nothing of that one's own delays. */
export const kiro = {
  agent: 'kiro',
  program: 'kiro-cli',
  /** Puts the program where it is found, and gives the folder. */
  install: () => {
    mkdirSync(FOLDER, { recursive: true });
    installKiro(FOLDER);
    return FOLDER;
  },
  openModel: openScriptedModel,
  box: /Askaquestionordescribeatask/u,
  transcripts: '.kiro/none',
  process: 'MainThread',
  factOf: () => undefined,
  asking: 'bash',
  patient: true,
  /** It gives up where the account is used up. */
  limited: true,
  /** So often it calls where the answer is cut. */
  drops: 3,
  dialog: /requiresapproval/u,
  interrupt: ['Escape'],
  leave: '/quit',
  env: (model, { kiro: behaviour = {} }) => ({ KIRO_STANDIN: JSON.stringify({ model: model.url, ...behaviour }) }),
  files: () => personsFiles(),
};

/** What its person has chosen for all repositories: the third engine. */
const CHOICE = JSON.stringify({ agents: { kiro: { env: { KIRO_AGENT_ENGINE: 'v3' } } } });

/** The same with its third engine. */
export const kiroV3 = { ...kiro, files: () => ({ ...personsFiles(), '.config/drover/config.json': CHOICE }) };
