import { openReplica } from '../../dist/client/replica.js';

const SAMPLE_MS = 100;

/** Follows one instance as a TUI does, over the daemon's socket, and writes down what a person would be shown. */
export const openFollower = async ({ paths, env }, id) => {
  const replica = await openReplica({ paths, env, view: () => ({ columns: 120, color: false }), actor: 'bench' });
  const samples = [];
  const changes = [];
  const seen = () => replica.state.instances[id];
  const isShown = () => replica.connected && replica.state.swarm.daemon !== null;
  replica.subscribe(() => {
    const { state } = seen() ?? {};
    const last = changes.at(-1);
    if (!state || (last?.state === state.kind && last.source === state.source && last.evidence === state.evidence))
      return;
    changes.push({ at: Date.now(), state: state.kind, source: state.source, evidence: state.evidence });
  });
  const timer = setInterval(() => {
    const one = seen();
    if (one) samples.push({ at: Date.now(), state: isShown() ? one.state.kind : null });
  }, SAMPLE_MS);
  return {
    samples,
    changes,
    replica,
    instance: seen,
    close: () => {
      clearInterval(timer);
      replica.close();
    },
  };
};
