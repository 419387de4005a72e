import { systemRandomness } from '../../src/core/platform/randomness.ts';
import { trainingPassword } from '../../src/registry/index.ts';
import { openScreenClient, type ScreenClient } from '../support/screen-client.ts';
import { shownOf, type Saved } from './eager-registrar.ts';

/** A window at the program's socket in which a registrar works as fast as it answers, until the program dies under it. */
export interface Window {
  readonly screen: ScreenClient;
  /** What was answered; each entry was shown as saved. */
  readonly saved: readonly Saved[];
  /** Ends with the first act that is not answered any more. */
  readonly done: Promise<void>;
}

export async function openWindow(address: string): Promise<ScreenClient> {
  const screen = await openScreenClient(address);
  await signIn(screen);
  return screen;
}

export async function signIn(screen: ScreenClient): Promise<void> {
  await within(screen, screen.desk.session.signIn({ login: 'leyla', password: trainingPassword('leyla') }));
}

let marks = 0;
/** Each save of a draft writes a higher number than any before it. */
const nextMark = (): number => (marks += 1);

export function work(screen: ScreenClient): Window {
  const saved: Saved[] = [];
  const done = (async () => {
    try {
      for (;;) await handleCase(screen, saved);
    } catch (error) {
      // The program went; what it had answered is in `saved`. A refusal would be told apart by its code.
      if (typeof error === 'object' && error !== null && 'code' in error && 'defined' in error && error.defined === true) throw error;
    }
  })();
  return { screen, saved, done };
}

async function handleCase(screen: ScreenClient, saved: Saved[]): Promise<void> {
  const { application } = screen.desk;
  const keep = (useCase: string, commandId: string, view: Parameters<typeof shownOf>[0]): void =>
    void saved.push({ useCase, commandId, application: shownOf(view), papers: [] });
  const createId = systemRandomness.uuid();
  const created = await within(screen, application.create({ commandId: createId, category: 'K1' }));
  keep('create', createId, created);
  const { applicationId } = created;
  let view = created;
  for (let save = 0; save < 3; save += 1) {
    const data = { ...view.data, contact: { ...view.data.contact, actualAddress: `Mənzil ${nextMark()}` } };
    view = (await within(screen, application.saveDraft({ applicationId, version: view.version, data }))).application;
    keep('saveDraft', '', view);
  }
  const commandId = systemRandomness.uuid();
  const returnedDocuments = [{ document: 'citizen_card' as const, note: '' }];
  const refused = await within(
    screen,
    application.refuse({ commandId, applicationId, reasonCode: 'documents_missing', note: '', returnedDocuments }),
  );
  keep('refuse', commandId, refused.application);
}

/** The answer, or the end of the socket, whatever comes first: an answer that never comes must not hold the test. */
function within<T>({ socket }: ScreenClient, answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onClose = (): void => {
      reject(new Error('the socket closed'));
    };
    socket.once('close', onClose);
    // It may have closed before anybody listened.
    if (socket.readyState !== socket.OPEN) onClose();
    answer.then(resolve, reject).finally(() => socket.off('close', onClose));
  });
}
