import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { PlanFormatId } from '../../../src/state/specs.ts';
import { planFormat, readPlan } from '../../../src/tasks/formats/index.ts';
import type { SpecPlan } from '../../../src/tasks/spec/import-spec.ts';

/** A plan as a tool writes it, and all that stands in it. */
export type PlanFixture = {
  readonly format: PlanFormatId;
  /** Where such a plan lies. */
  readonly place: string;
  readonly file: string;
  readonly ids: readonly string[];
  readonly done: readonly string[];
  /** `2.2 < 2.1 said`: what waits for what, and the rule that says so. */
  readonly edges: readonly string[];
  readonly groups: readonly (string | null)[];
  readonly priorities?: readonly string[];
  readonly held?: readonly string[];
  readonly cancelled?: readonly string[];
  /** The lines that change when everything is ticked. */
  readonly ticked: readonly number[];
};

export const fixtures: readonly PlanFixture[] = [
  {
    format: 'kiro',
    place: '.kiro/specs/input/tasks.md',
    file: 'kiro.md',
    ids: ['1', '2.1', '2.2', '2.3', '3'],
    done: ['1', '2.1'],
    edges: [
      '2.1 < 1 group',
      '2.2 < 1 group',
      '2.2 < 2.1 said',
      '2.3 < 1 group',
      '2.3 < 2.1 test',
      '2.3 < 2.2 test',
      '3 < 1 checkpoint',
      '3 < 2.1 checkpoint',
      '3 < 2.2 checkpoint',
      '3 < 2.3 checkpoint',
    ],
    groups: [
      'Lay the ground',
      'Read the input',
      'Read the input',
      'Read the input',
      'Checkpoint - Ensure all tests pass',
    ],
    priorities: ['normal', 'normal', 'normal', 'low', 'normal'],
    ticked: [7, 11, 14, 16],
  },
  {
    format: 'cc-sdd',
    place: '.kiro/specs/storage/tasks.md',
    file: 'cc-sdd.md',
    ids: ['1.1', '1.2', '1.3', '2.1'],
    done: ['1.1'],
    edges: ['1.2 < 1.1 neighbour', '1.3 < 1.1 neighbour', '2.1 < 1.1 group', '2.1 < 1.2 group', '2.1 < 1.3 group'],
    groups: ['Storage', 'Storage', 'Storage', 'Service'],
    ticked: [6, 8, 11, 12],
  },
  {
    format: 'spec-kit',
    place: 'specs/001-parcels/tasks.md',
    file: 'spec-kit.md',
    ids: ['T001', 'T002', 'T003', 'T004', 'T005', 'T006', 'T007'],
    done: ['T001', 'T002'],
    edges: [
      'T002 < T001 neighbour',
      'T003 < T001 neighbour',
      'T004 < T002 phase',
      'T004 < T003 phase',
      'T005 < T002 phase',
      'T005 < T003 phase',
      'T006 < T004 neighbour',
      'T006 < T005 said',
      'T007 < T006 phase',
    ],
    groups: [
      ...Array.from({ length: 3 }, () => 'Phase 1: Setup'),
      ...Array.from({ length: 3 }, () => 'Phase 2: User Story 1 - See a parcel (Priority: P1)'),
      'Phase 3: Polish',
    ],
    priorities: ['normal', 'normal', 'normal', 'high', 'high', 'high', 'normal'],
    ticked: [11, 19, 23, 24, 30],
  },
  {
    format: 'openspec',
    place: 'openspec/changes/add-field/tasks.md',
    file: 'openspec.md',
    ids: ['1.1', '1.2', '2.1', '2.2', '3.1'],
    done: ['1.1', '1.2'],
    edges: [
      '2.1 < 1.1 group',
      '2.1 < 1.2 group',
      '2.2 < 1.1 group',
      '2.2 < 1.2 group',
      '3.1 < 2.1 group',
      '3.1 < 2.2 group',
    ],
    groups: ['Model', 'Model', 'Command', 'Command', 'Verification'],
    ticked: [8, 9, 13],
  },
  {
    format: 'headings',
    place: 'PLAN.md',
    file: 'headings.md',
    ids: ['1', '2', '3'],
    done: ['1'],
    edges: ['2 < 1 said', '3 < 2 group'],
    groups: ['Make the parser', 'Make the printer', 'Write it down'],
    ticked: [11, 16],
  },
  {
    format: 'checklist',
    place: 'TODO.md',
    file: 'checklist.md',
    ids: ['1', '2.1', '2.2', '3', '4'],
    done: ['1', '2.1'],
    edges: ['2.1 < 1 group', '2.2 < 1 group', '3 < 2.1 group', '3 < 2.2 group', '4 < 3 group'],
    groups: ['Buy wood', 'Build the table', 'Build the table', 'Paint it', 'Carry it home'],
    ticked: [4, 6, 7, 8],
  },
  {
    format: 'taskmaster',
    place: '.taskmaster/tasks/tasks.json',
    file: 'taskmaster.json',
    ids: ['1', '2.1', '2.2', '2.3', '3', '4', '5'],
    done: ['1', '2.1'],
    edges: [
      '2.1 < 1 parent',
      '2.2 < 2.1 said',
      '2.2 < 1 parent',
      '2.3 < 2.1 said',
      '2.3 < 1 parent',
      '3 < 2.1 said',
      '3 < 2.2 said',
      '3 < 2.3 said',
      '4 < 2.1 said',
      '4 < 2.2 said',
      '4 < 2.3 said',
    ],
    groups: [null, 'Store parcels', 'Store parcels', 'Store parcels', null, null, null],
    priorities: ['high', 'normal', 'normal', 'normal', 'low', 'normal', 'normal'],
    held: ['4'],
    cancelled: ['5'],
    ticked: [18, 23, 24, 27, 28, 29],
  },
  {
    format: 'taskmaster',
    place: '.taskmaster/tasks/tasks.json',
    file: 'taskmaster-tags.json',
    ids: ['1', '2', 'search-1', 'search-2'],
    done: ['1'],
    edges: ['2 < 1 said', 'search-2 < search-1 said'],
    groups: [null, null, null, null],
    priorities: ['normal', 'normal', 'urgent', 'low'],
    ticked: [5, 11, 12],
  },
  {
    format: 'beads',
    place: '.beads/issues.jsonl',
    file: 'beads.jsonl',
    ids: ['pt-1a.1', 'pt-1a.2', 'pt-2b', 'pt-3c'],
    done: ['pt-1a.1'],
    edges: ['pt-1a.2 < pt-1a.1 said', 'pt-2b < pt-1a.1 said', 'pt-2b < pt-1a.2 said'],
    groups: ['Parcels', 'Parcels', null, null],
    priorities: ['urgent', 'normal', 'low', 'low'],
    held: ['pt-3c'],
    ticked: [1, 3, 4, 5],
  },
];

export const textOf = ({ file }: Pick<PlanFixture, 'file'>): string =>
  readFileSync(fileURLToPath(new URL(`../../fixtures/plans/${file}`, import.meta.url)), 'utf8');

/** The plan that a text is in a format. */
export const planIn = (format: PlanFormatId, text: string, file?: string): SpecPlan =>
  readPlan(planFormat(format), { name: 'plan', tasksText: text, policy: 'kiro', barrier: false, file });

/** `2.2 < 2.1 said` for each dependency of a plan. */
export const edgesOf = ({ plans }: SpecPlan): string[] =>
  plans.flatMap((task) =>
    task.dependencies.map((need) => {
      const rule = Object.entries(task.dependency_rules ?? {}).find(([, ids]) => ids.includes(need))?.[0];
      return `${task.id} < ${need} ${rule}`;
    }),
  );
