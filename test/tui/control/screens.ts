import type { Effect } from '../../../src/tui/control/key.ts';
import { reduceScreen } from '../../../src/tui/model/screen-reducer.ts';
import { initialScreen } from '../../../src/tui/model/screen-state.ts';
import { reply } from '../fake-swarm.ts';
import { IDS } from './key-context.ts';

/** A screen whose panes have the keys. */
export const onPanes = { ...initialScreen(IDS), focus: 'panes' } as const;

/** The answer of a command that asks first. */
export const askToConfirm = (command: string, token: string) =>
  ({
    kind: 'replied',
    command,
    reply: reply({
      exit: 5,
      confirm: { targets: ['a-1'], loses: 'work', token, expires: '2026-01-02T03:09:05.000Z' },
    }),
  }) as const;

/** A screen with a dialog that asks whether to stop all. */
export const asking = reduceScreen(onPanes, askToConfirm('stop all', 't'));

/** What a Yes in that dialog asks of the world. */
export const CONFIRMED: Effect = { kind: 'run', text: 'stop all', confirm: 't' };
