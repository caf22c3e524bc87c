/** What a setting can do where somebody else wrote it: start a program, allow something, or neither. */
export type Power = 'run' | 'allow' | 'none';

/** The word in the JSON Schema of the settings under which each says its power. */
export const POWER = 'x-power';

/** A setting that names what is started, or leads to a program that somebody starts. */
export const RUNS = { [POWER]: 'run' } satisfies Record<string, Power>;
/** A setting that says what others may do, or how much. */
export const ALLOWS = { [POWER]: 'allow' } satisfies Record<string, Power>;
/** A setting that a repository may have as it likes. */
export const HARMLESS = { [POWER]: 'none' } satisfies Record<string, Power>;
