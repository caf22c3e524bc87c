type Env = Readonly<Record<string, string | undefined>>;

const ADDRESS = /^https?:\/\/(?:[^/?#@]*@)?(?<host>\[[\da-f:.]+\]|[^/:?#@[\]\s]+)(?::(?<port>\d{1,5}))?(?:[/?#]|$)/iu;

/** The hosts to which these variables lead, as entries of `sandbox.hosts`; what is no address of the web leads nowhere. */
export const hostsNamed = (env: Env, names: readonly string[]): readonly string[] =>
  names.flatMap((name) => {
    const { host, port } = ADDRESS.exec(env[name]?.trim() ?? '')?.groups ?? {};
    if (host === undefined) return [];
    return [
      port === undefined || port === '443' || port === '80' ? host.toLowerCase() : `${host.toLowerCase()}:${port}`,
    ];
  });

/** Regions, as clouds call them: whatever else a variable holds becomes no part of a name. */
const REGION = /^[a-z0-9-]{1,40}$/u;

const regionsIn = (env: Env, names: readonly string[]): readonly string[] => {
  const said = names.flatMap((name) => env[name] ?? []);
  return [...new Set(said.map((one) => one.trim().toLowerCase()).filter((one) => REGION.test(one)))];
};

/** Where the models of Bedrock answer in the regions that these variables name. */
export const bedrockHosts = (env: Env, names: readonly string[]): readonly string[] =>
  regionsIn(env, names).flatMap((region) =>
    ['bedrock-runtime', 'bedrock', 'sts'].map((service) => `${service}.${region}.amazonaws.com`),
  );

/** The same for Vertex AI, with where its logins are renewed; the region `global` has no name of its own. */
export const vertexHosts = (env: Env, names: readonly string[]): readonly string[] => [
  ...regionsIn(env, names).map((region) =>
    region === 'global' ? 'aiplatform.googleapis.com' : `${region}-aiplatform.googleapis.com`,
  ),
  ...['oauth2.googleapis.com', 'sts.googleapis.com', 'iamcredentials.googleapis.com'],
];
