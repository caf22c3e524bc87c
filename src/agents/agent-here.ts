import type { Settings } from '../state/settings.ts';
import { adapterOrStranger, takesPlans } from './index.ts';

/**
 * What {@link agentHere} finds: the agent, what a person calls it, whether it gets tasks of plans, and whether it is the usual one;
 * `worker` is another one that gets tasks of plans, where that one does not.
 */
type AgentHere = {
  readonly agent: { readonly name: string; readonly title: string; readonly takesPlans: boolean } | null;
  readonly isUsual: boolean;
  readonly worker?: string;
};

/** The agent that can be started where these programs are: that of the settings, else the first other one that does real work. */
export const agentHere = (settings: Settings, workers: readonly string[]): AgentHere => {
  const isUsualHere = settings.agent === 'rehearsal' || workers.includes(settings.agent);
  const name = isUsualHere ? settings.agent : workers[0];
  if (name === undefined) return { agent: null, isUsual: false };
  const { title } = adapterOrStranger(name, settings).adapter;
  const agent = { name, title, takesPlans: takesPlans(name, settings) };
  const worker = agent.takesPlans ? undefined : workers.find((one) => takesPlans(one, settings));
  return { agent, isUsual: name === settings.agent, ...(worker === undefined ? {} : { worker }) };
};
