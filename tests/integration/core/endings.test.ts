import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planPaper } from '../../../src/core/features/paper/models.ts';
import { defaultPaperSettings } from '../../../src/shared/rules/papers.ts';
import { fillDraft, newId, nuray } from './test-cases.ts';
import { failureOf } from './test-core.ts';
import { openTestScreen, signInAs, type TestScreen } from './test-screen.ts';

describe('how a case ends or does not go on', () => {
  let screen: TestScreen;
  beforeEach(async () => {
    screen = await openTestScreen();
    await signInAs(screen.client, 'registrar');
  });
  afterEach(() => screen.close());

  it('COM-14: a withdrawal before sending keeps its reason and what went back, and F-36 says both', async () => {
    const { applicationId } = await fillDraft(screen.client);
    const reason = 'Ərizəçi fikrindən daşındı';
    const { application } = await screen.client.application.withdraw({ commandId: newId(), applicationId, reason });
    expect(application).toMatchObject({
      state: 'WITHDRAWN',
      refusal: { reasonCode: 'withdrawn', note: reason, invalidityNote: false, atMs: screen.desk.clock.nowMs() },
    });
    expect(application.refusal?.returnedDocuments.map(({ document }) => document)).toEqual(['D-02', 'D-09', 'D-10']);
    const paper = planPaper(
      screen.desk.db,
      { applicationId, form: 'F-36', certificateSerial: '' },
      new Set(['paper.print']),
      defaultPaperSettings,
      '2026-06-22',
    );
    expect(paper).toMatchObject({
      ok: true,
      value: { content: { reasonCode: 'withdrawn', note: reason, returnedDocuments: [{}, {}, {}] } },
    });
  });

  it('M-02 COM-16: the expired document of a representative stops the sending with its own date', async () => {
    const { applicationId } = await fillDraft(screen.client, {
      ...nuray,
      change: (data) => ({
        ...data,
        representative: {
          isPresent: true,
          person: { ...data.person, fin: 'QYD0010' },
          document: { ...data.document, validUntilOn: '2019-05-06', isUnlimited: false },
        },
      }),
    });
    const failure = await failureOf(screen.client.application.send({ commandId: newId(), applicationId }));
    expect(failure).toMatchObject({ code: 'M-02', data: { params: { tarix: '2019-05-06' } } });
  });
});
