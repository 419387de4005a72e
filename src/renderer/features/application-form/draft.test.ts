import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ORPCError } from '@orpc/client';
import type { ApplicationView } from '../../../shared/contract/application.ts';
import { emptyApplicationData, type ApplicationData } from '../../../shared/rules/application-data.ts';
import { Draft } from './draft.ts';

function viewOf(data: ApplicationData, version: number): ApplicationView {
  return {
    applicationId: '01900000-0000-7000-8000-000000000001',
    state: 'DRAFT',
    purpose: 'first',
    data,
    version,
    rev: null,
    bearerConfirmed: 'not_asked',
    attendee: '',
    signers: [],
    contractSignedBy: '',
    handedTo: '',
    hasSecretAnswer: false,
    filedAtMs: 0,
    dueAtMs: null,
    archiveDueAtMs: null,
    operatorName: '',
    lookUps: [],
    attempts: { person: 0, representative: 0, organisation: 0, holder: 0, limit: 3 },
    problems: [],
    kindsDecision: null,
    simService: null,
    missingDocuments: [],
    card: null,
    contract: { number: '', isSigned: false },
    certificates: [],
    userId: '',
    activationAttempts: 0,
    steps: [],
    nextAction: 'fill',
    sync: 'saved',
    lease: null,
    refusal: null,
    returnedForCorrection: null,
    timeline: [],
  };
}

/** The disk of the desk: keeps the last data and counts the writes; every write takes `tookMs`. */
function createDisk(tookMs = 20) {
  const disk = { data: emptyApplicationData(), version: 1, writes: 0, isFull: false };
  const save = async (version: number, data: ApplicationData) => {
    await new Promise((end) => setTimeout(end, tookMs));
    if (disk.isFull) throw new ORPCError('DISK_FULL', { data: { params: {}, retryable: true } });
    if (version !== disk.version) throw new ORPCError('DRAFT_STALE', { data: { params: {}, retryable: false } });
    disk.version += 1;
    disk.writes += 1;
    disk.data = data;
    return { version: disk.version, application: viewOf(data, disk.version) };
  };
  return { disk, save };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('draft', () => {
  it('SIM-07: what is typed is on the disk within 300 ms of the last key', async () => {
    const { disk, save } = createDisk();
    const draft = new Draft(viewOf(disk.data, 1), save);
    for (const text of ['Ə', 'ƏL', 'ƏLİ']) draft.set('person.surname', text);
    await vi.advanceTimersByTimeAsync(300);
    expect(disk.data.person.surname).toBe('ƏLİ');
    expect(disk.writes).toBe(1);
    expect(draft.store.getState().save).toBe('saved');
  });

  it('keeps what is typed while a save is under way and saves it next', async () => {
    const { disk, save } = createDisk(200);
    const draft = new Draft(viewOf(disk.data, 1), save);
    draft.set('person.surname', 'A');
    await vi.advanceTimersByTimeAsync(150);
    draft.set('person.surname', 'AB');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(draft.store.getState().data.person.surname).toBe('AB');
    expect(disk.data.person.surname).toBe('AB');
    expect(disk.version).toBe(3);
  });

  it('flushes before an act and says when it could not', async () => {
    const { disk, save } = createDisk();
    const draft = new Draft(viewOf(disk.data, 1), save);
    draft.set('person.fin', 'QYD0001');
    const flushed = draft.flush();
    await vi.advanceTimersByTimeAsync(50);
    expect(await flushed).toBe(true);
    disk.isFull = true;
    draft.set('person.fin', 'QYD0002');
    const failed = draft.flush();
    await vi.advanceTimersByTimeAsync(50);
    expect(await failed).toBe(false);
    expect(draft.store.getState().failure?.code).toBe('DISK_FULL');
    disk.isFull = false;
    await vi.advanceTimersByTimeAsync(3_000);
    expect(disk.data.person.fin).toBe('QYD0002');
    expect(draft.store.getState().failure).toBeNull();
  });

  it('does not let an older picture of the case overwrite what is typed', async () => {
    const { disk, save } = createDisk();
    const draft = new Draft(viewOf(disk.data, 1), save);
    draft.set('person.surname', 'YENİ');
    draft.accept(viewOf(emptyApplicationData(), 1));
    expect(draft.store.getState().data.person.surname).toBe('YENİ');
    await vi.advanceTimersByTimeAsync(300);
    draft.accept(viewOf(emptyApplicationData(), 1));
    expect(draft.store.getState().data.person.surname).toBe('YENİ');
  });

  it('does what is typed during an act of ours again on what the act left, and never calls it stale', async () => {
    const { disk, save } = createDisk();
    const draft = new Draft(viewOf(disk.data, 1), save);
    const adopted = draft.during(async () => {
      await new Promise((end) => setTimeout(end, 500));
      disk.version += 1;
      const { person } = disk.data;
      disk.data = { ...disk.data, person: { ...person, surname: 'ƏLİYEVA' }, adopted: ['person.surname'] };
      return { application: viewOf(disk.data, disk.version) };
    });
    draft.set('person.birthPlace', 'Bakı');
    await vi.advanceTimersByTimeAsync(400);
    expect(disk.writes).toBe(0);
    await vi.advanceTimersByTimeAsync(600);
    await adopted;
    expect(draft.store.getState().save).toBe('saved');
    expect(disk.data.person).toMatchObject({ surname: 'ƏLİYEVA', birthPlace: 'Bakı' });
    expect(disk.data.adopted).toEqual(['person.surname']);
  });

  it('takes the mark of the register off a field that is typed over', () => {
    const data = { ...emptyApplicationData(), adopted: ['person.surname', 'person.givenName'] };
    const { save } = createDisk();
    const draft = new Draft(viewOf(data, 1), save);
    draft.set('person.surname', 'X');
    expect(draft.store.getState().data.adopted).toEqual(['person.givenName']);
  });
});
