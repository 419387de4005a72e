import type { z } from 'zod';
import type { lookUpEvidenceSchema } from '../../../shared/registry-api/envelope.ts';
import type { StoredLookUp } from '../../storage/repositories/look-up-repository.ts';
import type { LoadedCase } from './case.ts';

export type LookUpEvidence = z.infer<typeof lookUpEvidenceSchema>;

/** The answered searches as the registry wants them proven; an outage answered nothing. Source: COM-07 */
export function listEvidence(loaded: Pick<LoadedCase, 'lookUps'>): LookUpEvidence[] {
  return loaded.lookUps.flatMap((lookUp) => evidenceOf(lookUp)).slice(-20);
}

export function evidenceOf(lookUp: StoredLookUp): LookUpEvidence[] {
  if (lookUp.outcome === 'unavailable') return [];
  return [
    {
      kind: lookUp.kind,
      system: lookUp.system as LookUpEvidence['system'],
      outcome: lookUp.outcome,
      atMs: lookUp.atMs,
      answerSha256: lookUp.outcome === 'found' ? lookUp.answerSha256 : '',
      queryId: lookUp.queryId,
    },
  ];
}
