import type { IncidentRow } from '../../../shared/contract/incident.ts';
import { decideIncidentStory, type IncidentSentence } from '../../../shared/rules/incidents.ts';
import { formatDateTime, formatMeasuredDuration } from '../../app/format.ts';
import type { Texts } from '../../app/text.ts';

export interface SaidIncident {
  readonly title: string;
  readonly desk: string;
  readonly what: readonly string[];
  readonly kept: readonly string[];
  readonly next: readonly string[];
}

/** Moments and spans as people read them; the sentence asks for `openedAt`, the desk counts in `openedAtMs`. */
function inWords({ language }: Texts, params: IncidentRow['params']): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]): [string, string | number] => {
      if (typeof value !== 'number' || !name.endsWith('Ms')) return [name, value];
      const shown = name === 'byMs' ? formatMeasuredDuration(value, language) : formatDateTime(value);
      return [name.slice(0, -2), shown];
    }),
  );
}

export function sayIncident(texts: Texts, incident: IncidentRow): SaidIncident {
  const { t, find } = texts;
  const params = { ...inWords(texts, incident.params), desk: incident.deskId };
  const story = decideIncidentStory(incident);
  const say = (sentences: readonly IncidentSentence[]): string[] => sentences.map(({ key }) => find(`incidents.${key}`, params));
  const times = Number(incident.params['times'] ?? 1);
  return {
    title: t(`incidents.kind.${incident.kind}`),
    desk: incident.isHere ? t('incidents.thisDesk', { desk: incident.deskId }) : incident.deskId,
    what: [...say(story.what), ...(times > 1 ? [t('incidents.times', { n: times })] : [])],
    kept: say(story.kept),
    next: say(story.next),
  };
}
