import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { confirmContractSigned } from '../../../src/core/features/application/closing-acts.ts';
import { createApplicationFeature } from '../../../src/core/features/application/index.ts';
import { permissionsOfRole } from '../../../src/shared/rules/rights.ts';
import { testActor } from '../../support/test-desk.ts';
import { fillDraft, newId } from './test-cases.ts';
import { openTestScreen, signInAs, type TestScreen } from './test-screen.ts';

describe('the signature of the centre', () => {
  let screen: TestScreen;
  beforeEach(async () => {
    screen = await openTestScreen();
    await signInAs(screen.client, 'registrar');
  });
  afterEach(() => screen.close());

  it('COM-08 SIM-13: editing a case is not enough to sign for the centre', async () => {
    const { applicationId } = await fillDraft(screen.client);
    const nothing = { listOfApplication: () => [] };
    const { context } = createApplicationFeature(screen.desk, nothing, { ...nothing, markQueued: () => undefined });
    const sign = (permissions: readonly (typeof permissionsOfRole)['registrar'][number][]) =>
      confirmContractSigned(
        context,
        { actor: testActor, permissions: new Set(permissions), correlationId: '', signal: new AbortController().signal },
        { commandId: newId(), applicationId, centreSigned: true, applicantSigned: true },
      );
    const rights = permissionsOfRole.registrar;
    expect(sign(rights.filter((right) => right !== 'centre.sign'))).toMatchObject({ ok: false, failure: { code: 'FORBIDDEN' } });
    // With the right it is the draft that is not ready to be signed.
    expect(sign(rights)).toMatchObject({ ok: false, failure: { code: 'STEP_NOT_POSSIBLE' } });
  });
});
