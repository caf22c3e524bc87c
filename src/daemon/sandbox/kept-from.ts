import { someOf } from '../../lib/names.ts';
import { shellQuote } from '../../lib/text.ts';
import type { Blocked } from '../../proxy/proxy.ts';
import type { Alert, KeptFrom } from '../../state/alerts.ts';
import type { EventDraft, State } from '../../state/index.ts';
import { destinationText, isAllowed, LOOPBACK, parseHostRule } from '../../state/sandbox-hosts.ts';
import type { DaemonServices } from '../services.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';

/** So many places are told of one by one. */
const TOLD = 5;
/** So many are remembered; who asks for more of them tries names. */
const REMEMBERED = 200;
/** And so many of each kind are recorded. */
const RECORDED = 20;

/** Whose way out it is, and what the list says for it by now. */
type Whose = { readonly name: string; readonly instance: string | null };

const alertId = (name: string): string => `network:${name}`;

/** The line that allows what was wanted beside what is allowed already. */
const allowLine = (hosts: readonly string[], places: readonly string[]): string =>
  `set config sandbox.hosts ${shellQuote(JSON.stringify([...new Set([...hosts, ...places.slice(0, TOLD)])]))}`;

/** Why programs are kept from places: `own` are services of this machine that the list does not name. */
type Kind = 'unlisted' | 'own' | 'hidden';

const BECAUSE: Readonly<Record<Kind, string>> = {
  unlisted: 'not in sandbox.hosts',
  own: 'a service of this machine that is not in sandbox.hosts',
  hidden: 'the address is not on the internet',
};
const KINDS: readonly Kind[] = ['unlisted', 'own', 'hidden'];

type Places = Readonly<Record<Kind, Set<string>>>;

const noPlaces = (): Places => ({ unlisted: new Set(), own: new Set(), hidden: new Set() });

/** The places as they are recorded: each raises the alert anew, and whoever tries names makes many of them. */
const recordOf = (places: Places): KeptFrom => {
  const some = (kind: Kind): string[] => [...places[kind]].slice(0, RECORDED);
  const more = KINDS.reduce((sum, kind) => sum + Math.max(0, places[kind].size - RECORDED), 0);
  return { unlisted: some('unlisted'), own: some('own'), hidden: some('hidden'), more };
};

const raisedFact = ({ name, instance }: Whose, hosts: readonly string[], places: Places): EventDraft => {
  const words = KINDS.flatMap((kind) =>
    places[kind].size > 0 ? [`${someOf([...places[kind]], TOLD)} (${BECAUSE[kind]})`] : [],
  );
  const unlisted = [...places.unlisted];
  return {
    type: 'alert.raised',
    data: {
      id: alertId(name),
      severity: 'warning',
      text: `The sandbox kept ${name} from ${words.join(' and ')}.`,
      suggestion: unlisted.length > 0 ? allowLine(hosts, unlisted) : null,
      ...{ instance, task: null },
      kept_from: recordOf(places),
    },
  };
};

/**
 * What an alert of an earlier daemon tells of, as far as it has all of it: what it does not name can be forgotten by no list. A
 * secret that was taken out of a name leaves none.
 */
const placesIn = ({ kept_from: kept }: Alert): Places => {
  const isNamed = (place: string): boolean => parseHostRule(place) !== undefined;
  if (!kept || kept.more > 0 || ![...kept.unlisted, ...kept.own].every(isNamed)) return noPlaces();
  return { unlisted: new Set(kept.unlisted), own: new Set(kept.own), hidden: new Set(kept.hidden) };
};

/** What no list can name, and a service of this machine, is nothing that one who is shut in proposes. */
const kindOf = (place: string, why: Blocked['why']): Kind => {
  const rule = parseHostRule(place);
  if (why !== 'unlisted' || rule === undefined) return 'hidden';
  return rule.host === LOOPBACK ? 'own' : 'unlisted';
};

/** Takes away what is told of a sandbox as it was. */
export const forgetKept = ({ decide, store }: DaemonServices, name: string): void => {
  if (store.state.alerts[alertId(name)])
    void decide((state) => clearAlertFacts(state, alertId(name), 'its program was started anew')).catch(
      () => undefined,
    );
};

/** Remembers what the programs of one sandbox were kept from, and tells each place once: not each request. */
export const makeKeptFrom = (services: DaemonServices, whose: Whose) => {
  const { decide, log } = services;
  const told = services.store.state.alerts[alertId(whose.name)];
  const places = told ? placesIn(told) : noPlaces();
  const hosts = (): readonly string[] => services.settings.sandbox.hosts;
  const record = (facts: (state: State) => EventDraft[]): void =>
    // Where the journal refuses, what comes next says so.
    void decide(facts).catch(() => undefined);
  const count = (): number => KINDS.reduce((sum, kind) => sum + places[kind].size, 0);
  return {
    note: ({ to, why }: Blocked): void => {
      const place = destinationText(to);
      const kind = kindOf(place, why);
      if (places[kind].has(place) || places[kind].size >= REMEMBERED) return;
      places[kind].add(place);
      log(`the sandbox kept ${whose.name} from ${place}: ${BECAUSE[kind]}`);
      record(() => [raisedFact(whose, hosts(), places)]);
    },
    /** The list has changed: what it has now is told no more, and when nothing is left the alert goes. */
    forgetAllowed: (): void => {
      const rules = hosts().map((host) => parseHostRule(host)!);
      const before = count();
      for (const kind of ['unlisted', 'own'] as const)
        for (const place of places[kind]) {
          const { host, port } = parseHostRule(place)!;
          if (isAllowed(rules, { host, port: port ?? 443 })) places[kind].delete(place);
        }
      if (count() === before) return;
      record((state) =>
        count() === 0
          ? clearAlertFacts(state, alertId(whose.name), 'sandbox.hosts has it now')
          : [raisedFact(whose, hosts(), places)],
      );
    },
    /** Its program is started anew: whatever it is kept from then is told then. */
    forgetAll: (): void => {
      for (const kind of KINDS) places[kind].clear();
      forgetKept(services, whose.name);
    },
  };
};
