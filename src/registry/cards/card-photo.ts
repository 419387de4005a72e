import { createHash } from 'node:crypto';
import type { CardPhotoAnswer } from '../../shared/registry-api/card-entities.ts';
import type { ApplicationEntity } from '../../shared/registry-api/endpoints.ts';
import { readWhole } from '../attachments/attachments.ts';
import { toCardRequest } from '../feed/route-change.ts';
import { noOffices } from '../offices/offices.ts';
import { drawPortrait } from '../population/portrait.ts';
import { findPersonByFin } from '../registers/registers.ts';
import type { Desk, Registry } from '../registry.ts';
import { RegistryError } from '../server/registry-error.ts';
import { findAggregate } from '../store/aggregates.ts';

/**
 * The picture for the face of a card: the one taken at the desk where there is one, else the state register's. For the case's own office, and for the
 * centre while the card is its business; for nobody else the case does not exist. Source: cards.md §3, PRS-05
 */
export async function readCardPhoto(registry: Registry, desk: Desk, applicationId: string): Promise<CardPhotoAnswer> {
  const row = await registry.store.read((session) => findAggregate(session, 'application', applicationId));
  const entity = row === undefined ? undefined : (JSON.parse(row.body) as ApplicationEntity);
  if (entity === undefined || !maySee(registry, desk, entity)) throw new RegistryError(404, 'UNKNOWN_CASE');
  const taken = entity.attachments.findLast((each) => each.document === 'photo' && each.mediaType !== 'application/pdf');
  if (taken !== undefined) {
    const content = await readWhole(registry, taken.sha256);
    // Named by the case and not here yet: it comes in pieces after the case.
    if (content === undefined) throw new RegistryError(404, 'PHOTO_MISSING');
    return { applicationId, mediaType: taken.mediaType, sha256: taken.sha256, content: content.toString('base64') };
  }
  const person = findPersonByFin(entity.data.person.fin);
  if (person === null) throw new RegistryError(404, 'PHOTO_MISSING');
  const content = await drawPortrait(person);
  return {
    applicationId,
    mediaType: 'image/jpeg',
    sha256: createHash('sha256').update(content).digest('hex'),
    content: content.toString('base64'),
  };
}

function maySee({ offices = noOffices }: Registry, desk: Desk, entity: ApplicationEntity): boolean {
  if (entity.officeId === desk.officeId) return true;
  return offices.centre !== '' && desk.officeId === offices.centre && toCardRequest(entity, offices)?.isOver === false;
}
