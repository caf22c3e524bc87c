/** `degraded` still does its work, but not as it should; `failed` does not. */
export type HealthState = 'ok' | 'degraded' | 'failed';

/** How a part of the program is now. */
export type Health = {
  readonly state: HealthState;
  /** One sentence about what is wrong; null when all is well. */
  readonly why: string | null;
  /** What it counts and measures of itself, with the unit in the name. */
  readonly indicators: Readonly<Record<string, string | number | boolean | null>>;
};

/** A long-lived part of the program that can be asked how it is. */
export type Reflective = {
  /** What people and scripts call it; no other part is called so. */
  readonly name: string;
  /** What others get from it, in the words of the product. */
  readonly capabilities: readonly string[];
  /** Looks at itself now. */
  health(): Health | Promise<Health>;
};

/** How a part is, with who it is. */
export type ServiceHealth = Health & Pick<Reflective, 'name' | 'capabilities'>;

/** How all parts are; as bad as the worst of them. */
export type HealthReport = { readonly state: HealthState; readonly services: readonly ServiceHealth[] };
