import { someOf } from '../../lib/names.ts';
import { shellQuote } from '../../lib/text.ts';
import type { Blocked } from '../../proxy/proxy.ts';
import type { EventDraft, State } from '../../state/index.ts';
import { destinationText, isAllowed, LOOPBACK, parseHostRule } from '../../state/sandbox-hosts.ts';
import type { DaemonServices } from '../services.ts';
import { clearAlertFacts } from '../signals/alert-facts.ts';

/** So many places are told of one by one. */
const TOLD = 5;
/** So many are remembered; who asks for more of them tries names. */
const REMEMBERED = 200;

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

const raisedFact = (
  { name, instance }: Whose,
  hosts: readonly string[],
  places: Readonly<Record<Kind, ReadonlySet<string>>>,
): EventDraft => {
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
    },
  };
};

type Places = Readonly<Record<Kind, Set<string>>>;

const noPlaces = (): Places => ({ unlisted: new Set(), own: new Set(), hidden: new Set() });

/** What an alert of an earlier daemon tells of, as far as it names all of it: what is not named can be forgotten by no list. */
const placesTold = (text: string, { name }: Whose): Places => {
  const places = noPlaces();
  const pieces = text
    .slice(`The sandbox kept ${name} from `.length, -1)
    .split(/(?<=\)) and /u)
    .map((piece) => /^(?<list>[^()]+) \((?<because>[^()]+)\)$/u.exec(piece)?.groups);
  if (pieces.some((piece) => !piece || / and \d+ more$/u.test(piece['list']!))) return places;
  for (const piece of pieces) {
    const kind = KINDS.find((one) => BECAUSE[one] === piece!['because']);
    for (const place of piece!['list']!.split(', ')) if (kind) places[kind].add(place);
  }
  return places;
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
  const places = told ? placesTold(told.text, whose) : noPlaces();
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
