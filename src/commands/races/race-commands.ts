import type { Command } from '../define.ts';
import { cancelRace } from './cancel-race.ts';
import { chooseTask } from './choose-task.ts';
import { raceTask } from './race-task.ts';
import { showRace } from './show-race.ts';

/** What is said of races, in the order in which lists have it. */
export const raceCommands: readonly Command[] = [raceTask, showRace, chooseTask, cancelRace];
