import type { Instance } from '../../../src/state/instances.ts';
import { useScheme, useSwarm } from '../link/use-swarm.ts';
import { ownColour } from '../model/own-colour.ts';
import { Words } from './text.tsx';

/** The colour of an agent as a style; nothing for one whose colour is none. */
export const useOwnStyle = (instance: Pick<Instance, 'peacock_theme'> | undefined): React.CSSProperties => {
  const scheme = useScheme();
  const colour = instance && ownColour(instance.peacock_theme.primary_color, scheme);
  return colour ? ({ '--own': colour } as React.CSSProperties) : {};
};

/** The name of an agent in its colour. */
export const OwnName = ({ id }: { readonly id: string }) => {
  const { state } = useSwarm();
  const style = useOwnStyle(Object.hasOwn(state.instances, id) ? state.instances[id] : undefined);
  return (
    <span className="own mono" style={style}>
      <Words text={id} />
    </span>
  );
};
