import { readFileSync } from 'node:fs';

const read = (name: string): string => readFileSync(new URL(`../fixtures/spec/${name}`, import.meta.url), 'utf8');

/** A real plan of 16 groups and 33 tasks, with its 115 acceptance criteria. */
export const tasksText = read('tasks.md');
export const requirementsText = read('requirements.md');
export const designText = read('design.md');

/** The plan as it is imported when nothing is configured. */
export const source = { name: 'swarm', tasksText, requirementsText, policy: 'siblings', barrier: true } as const;
