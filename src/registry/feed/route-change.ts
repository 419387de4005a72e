import type { CardRequestEntity, PackageEntity, PinRequestEntity } from '../../shared/registry-api/card-entities.ts';
import type { ApplicationEntity } from '../../shared/registry-api/endpoints.ts';
import { cardsDueAtMs } from '../../shared/rules/deadlines.ts';
import { pinRequestStates, type ApplicationState, type PinRequestState } from '../../shared/rules/vocabulary.ts';
import type { Offices } from '../offices/offices.ts';
import type { AggregateRow } from '../store/aggregates.ts';

/** One row of one office's feed. */
export interface RoutedChange {
  readonly officeId: string;
  readonly entity: string;
  readonly body: string;
}

/**
 * Who hears of a change, and what: the office of the aggregate all of it; the personalisation centre of a case no more than the card needs, and only while
 * the card is its business; both ends of a package; and the centre of a PIN request from its sending on. Source: ADR-0027
 */
export function routeChange(before: AggregateRow, changed: AggregateRow, offices: Offices): RoutedChange[] {
  const own: RoutedChange = { officeId: changed.office_id, entity: changed.type, body: changed.body };
  switch (changed.type) {
    case 'application':
      return [own, ...routeCardRequest(before, changed, offices)];
    case 'package': {
      const { toOfficeId } = JSON.parse(changed.body) as PackageEntity;
      return toOfficeId === own.officeId ? [own] : [own, { ...own, officeId: toOfficeId }];
    }
    case 'pin_request':
      return offices.centre !== '' && offices.centre !== own.officeId && isForCentre(changed)
        ? [own, { ...own, officeId: offices.centre }]
        : [own];
    default:
      return [own];
  }
}

const sentPlace = pinRequestStates.indexOf('SENT_TO_CENTRE');
const backPlace = pinRequestStates.indexOf('BACK_AT_OFFICE');

function isForCentre({ body }: AggregateRow): boolean {
  const place = pinRequestStates.indexOf((JSON.parse(body) as PinRequestEntity).state satisfies PinRequestState);
  return place >= sentPlace && place <= backPlace;
}

function routeCardRequest(before: AggregateRow, changed: AggregateRow, offices: Offices): RoutedChange[] {
  // Most cases have no card: they are not even read.
  if (offices.centre === '' || !changed.body.includes('"asan_id"')) return [];
  const request = toCardRequest(JSON.parse(changed.body) as ApplicationEntity, offices);
  if (request === null) return [];
  const known = before.body === '' ? null : toCardRequest(JSON.parse(before.body) as ApplicationEntity, offices);
  if (request.isOver && (known?.isOver ?? true)) return [];
  const body = JSON.stringify(request);
  return known !== null && JSON.stringify(known) === body ? [] : [{ officeId: offices.centre, entity: 'card_request', body }];
}

/** While the card is being made, and while it travels: until it is ready at its office it may come back. */
const centreStates: readonly ApplicationState[] = ['PERSONALISING', 'DISPATCHED'];

/** What the centre is told of a case; null of one that never reached it. */
export function toCardRequest(entity: ApplicationEntity, offices: Pick<Offices, 'nameOf'>): CardRequestEntity | null {
  const { data, personalisingSinceMs } = entity;
  const signingKind = data.kinds[0];
  if (data.carrier.kind !== 'asan_id' || personalisingSinceMs === 0 || signingKind === undefined) return null;
  const isOver = !centreStates.includes(entity.state);
  const isOfBody = signingKind !== 'PER';
  return {
    applicationId: entity.applicationId,
    officeId: entity.officeId,
    officeName: offices.nameOf(entity.officeId),
    state: entity.state,
    isOver,
    fin: isOver ? '' : data.person.fin,
    surname: isOver ? '' : data.person.surname,
    givenName: isOver ? '' : data.person.givenName,
    fatherName: isOver ? '' : data.person.fatherName,
    signingKind,
    organisation:
      isOver || !isOfBody
        ? null
        : {
            voen: data.organisation.voen,
            name: data.organisation.name,
            unit: data.organisation.unit,
            position: data.organisation.position,
          },
    photo: isOver ? 'none' : entity.attachments.some((each) => each.document === 'photo') ? 'attachment' : 'register',
    card: entity.card,
    spoiltCards: entity.spoiltCards,
    sinceMs: personalisingSinceMs,
    dueAtMs: cardsDueAtMs(personalisingSinceMs),
  };
}
