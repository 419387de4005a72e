/**
 * Incidents: what happened to a desk that a supervisor has to hear of, told as a story of three parts: what happened, what was not lost, what to do
 * next. The rule picks the sentences, the catalogue has their words. Source: ADR-0025, I-16, F-19, F-25, F-26, F-29
 */
export const incidentKinds = [
  'killed',
  'cloned',
  'restored',
  'damaged',
  'registry_restored',
  'audit_gap',
  'clock_back',
  'clock_forward',
  'clock_off',
  'stopped',
] as const;
export type IncidentKind = (typeof incidentKinds)[number];

/** Kinds that the registry itself finds out and tells every desk of the office. */
export const registryIncidentKinds = ['cloned', 'restored', 'audit_gap', 'clock_off'] as const satisfies readonly IncidentKind[];
export type RegistryIncidentKind = (typeof registryIncidentKinds)[number];

export type IncidentParams = Readonly<Record<string, number | string>>;

/** One sentence: its key below `incidents.` and its numbers. */
export interface IncidentSentence {
  readonly key: string;
  readonly params: IncidentParams;
}

export interface IncidentStory {
  readonly what: readonly IncidentSentence[];
  readonly kept: readonly IncidentSentence[];
  readonly next: readonly IncidentSentence[];
}

export interface IncidentFacts {
  readonly kind: IncidentKind;
  /** It happened at the desk whose screen tells it; of another desk only what the registry knows is told. */
  readonly isHere: boolean;
  readonly params: IncidentParams;
}

/** The name under which desk and registry know the same story; a story is told once for each life of a desk, of a wrong clock once a day. */
export function incidentIdOf(kind: RegistryIncidentKind, deskId: string, epochOrDay: number | string): string {
  return `${kind}/${deskId}/${epochOrDay}`;
}

export function decideIncidentStory({ kind, isHere, params }: IncidentFacts): IncidentStory {
  const say = (key: string): IncidentSentence => ({ key, params });
  const n = (name: string): number => Number(params[name] ?? 0);
  /** The registry refused what this very computer sent; of a desk that was copied it knows only one name for two. */
  const isStoppedHere = isHere && params['code'] !== undefined;
  switch (kind) {
    case 'killed':
      return {
        what: [say('killed.what'), ...(n('tornWrite') > 0 ? [say('killed.torn')] : [])],
        kept: [say('killed.kept'), say('kept.counts')],
        next: [say('killed.next')],
      };
    case 'cloned':
      if (isStoppedHere) return { what: [say('cloned.what')], kept: [say('cloned.kept')], next: [say('cloned.next')] };
      return {
        what: [say(isHere ? 'cloned.whatCopy' : 'cloned.whatThere')],
        kept: [say('cloned.keptThere')],
        next: [say('cloned.nextThere')],
      };
    case 'stopped':
      return { what: [say('stopped.what')], kept: [say('cloned.kept')], next: [say('stopped.next')] };
    case 'audit_gap':
      return {
        what: [say(n('row') > 0 ? 'audit_gap.whatRow' : isStoppedHere ? 'audit_gap.what' : 'audit_gap.whatThere')],
        kept: [say('audit_gap.kept')],
        next: [say(isHere ? 'audit_gap.next' : 'audit_gap.nextThere')],
      };
    case 'restored':
    case 'damaged':
      if (!isHere) return { what: [say('restored.whatThere')], kept: [say('restored.keptThere')], next: [say('restored.nextThere')] };
      return {
        what: whatOfRestoration(kind, params),
        kept: keptOfRestoration(params),
        next: [say(isLossy(params) ? 'restored.nextLost' : 'restored.next')],
      };
    case 'registry_restored':
      return {
        what: [say('registry_restored.what')],
        kept: [say(n('open') > 0 ? 'registry_restored.keptOpen' : 'registry_restored.kept')],
        next: [say(n('different') > 0 ? 'registry_restored.nextDifferent' : 'registry_restored.next')],
      };
    case 'clock_back':
    case 'clock_forward':
      return { what: [say(`${kind}.what`)], kept: [say('clock.kept')], next: [say('clock.next')] };
    case 'clock_off':
      return {
        what: [say(isHere ? 'clock_off.what' : 'clock_off.whatThere')],
        kept: [say('clock.kept')],
        next: [say(isHere ? 'clock.next' : 'clock.nextThere')],
      };
  }
}

function isLossy(params: IncidentParams): boolean {
  return Number(params['lost'] ?? 0) > 0 || Number(params['auditLost'] ?? 0) > 0;
}

function whatOfRestoration(kind: 'restored' | 'damaged', params: IncidentParams): IncidentSentence[] {
  return [
    { key: `${kind}.what`, params },
    { key: Number(params['copyAtMs'] ?? 0) > 0 ? 'restored.from' : 'restored.noCopy', params },
  ];
}

function keptOfRestoration(params: IncidentParams): IncidentSentence[] {
  const isReconciled = Number(params['reconciled'] ?? 0) > 0;
  const keys = [
    'restored.recovered',
    'restored.toSend',
    ...(isReconciled ? ['restored.reconciled'] : ['restored.waiting']),
    ...(Number(params['auditAside'] ?? 0) > 0 ? ['restored.auditAside'] : []),
    ...(Number(params['auditLost'] ?? 0) > 0 ? ['restored.auditLost'] : []),
    Number(params['lost'] ?? 0) > 0 ? 'restored.lost' : 'restored.nothingLost',
    'restored.kept',
  ];
  return keys.map((key) => ({ key, params }));
}
