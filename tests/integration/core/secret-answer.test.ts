import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findApplication } from '../../../src/core/storage/repositories/application-repository.ts';
import { newId } from './test-cases.ts';
import { refusalOf } from './test-core.ts';
import { openTestScreen, signInAs, type TestScreen } from './test-screen.ts';

describe('the secret answer', () => {
  let screen: TestScreen;
  beforeEach(async () => {
    screen = await openTestScreen();
    await signInAs(screen.client, 'registrar');
  });
  afterEach(() => screen.close());

  it('SUS-42: another answer under a command that is done is refused and not called saved', async () => {
    const { applicationId } = await screen.client.application.create({ commandId: newId() });
    const commandId = newId();
    const setAnswer = (answer: string) =>
      screen.client.application.setSecretAnswer({ commandId, applicationId, question: 'first_school', answer });
    const hashNow = () => findApplication(screen.desk.db, applicationId)?.secretAnswerHash;
    await setAnswer('Ərəb Məktəbi');
    const first = hashNow();
    expect(await refusalOf(setAnswer('Başqa cavab'))).toBe('COMMAND_REUSED');
    expect(hashNow()).toBe(first);
    // The same answer, typed a little differently, is the same act again.
    expect(await refusalOf(setAnswer('ərəb  məktəbi'))).toBe('no refusal');
    expect(hashNow()).toBe(first);
  });
});
