import type { CardSight } from '../../../shared/card-host/host-protocol.ts';
import type { CardCertificateView, ReaderView } from '../../../shared/contract/card.ts';
import { succeed, type Failure, type Result } from '../../../shared/platform/result.ts';
import { listCardActions } from '../../../shared/rules/card-service.ts';
import { readCertificate } from '../../platform/card-signature.ts';
import type { CardHost } from '../../cards/ports.ts';
import type { Desk } from '../../desk.ts';
import { findCardCase } from './card-case.ts';
import type { Standings } from './standings.ts';

export interface ReaderList {
  readonly code: string;
  readonly link: 'pcsc' | 'direct' | 'none';
  readonly readers: ReaderView[];
}

export interface ReaderViews {
  list(): Promise<Result<ReaderList, Failure>>;
  /** While somebody types a PIN at this reader its card is not read: what is shown is as it was before. */
  whileBusy<T>(readerName: string, work: () => Promise<T>): Promise<T>;
  forget(readerName: string | null): void;
  /** When the holder was born, where the case of the card is known: no new PIN may be made of it. */
  holderOf(readerName: string): { readonly bornOn?: string };
}

/** Every reader and what is on its card. A card that cannot be read hides no other. */
export function createReaderViews(desk: Desk, cards: CardHost, standings: Standings): ReaderViews {
  const seen = new Map<string, CardSight>();
  const busy = new Map<string, number>();

  const look = async (readerName: string): Promise<Result<CardSight, Failure>> => {
    const before = seen.get(readerName);
    if (busy.has(readerName) && before !== undefined) return succeed(before);
    const answer = await cards.ask({ kind: 'read_card', readerName });
    if (!answer.ok) return answer;
    seen.set(readerName, answer.value.sight);
    return succeed(answer.value.sight);
  };

  return {
    async list() {
      const answer = await cards.ask({ kind: 'status' });
      if (!answer.ok) return succeed({ code: answer.failure.code, link: 'none', readers: [] });
      const { link, isServiceRunning, readers } = answer.value.status;
      if (link === 'none') return succeed({ code: 'LINK_MISSING', link, readers: [] });
      if (link === 'pcsc' && !isServiceRunning) return succeed({ code: 'SERVICE_DOWN', link, readers: [] });
      const looks = await Promise.all(
        readers.map(async ({ name, atrHex }) => (atrHex === null ? { ok: false as const, failure: { code: 'CARD_ABSENT' } } : look(name))),
      );
      await standings.ask([...new Set(looks.flatMap((sight) => (sight.ok ? serialsOf(sight.value) : [])))].slice(0, 16));
      return succeed({
        code: '',
        link,
        readers: readers.map(({ name, hasPinPad }, index) => {
          const sight = looks[index];
          const head = { readerName: name, hasPinPad };
          if (sight === undefined || !sight.ok) return { ...head, card: null, code: sight?.failure.code ?? 'CARD_ABSENT' };
          return { ...head, code: '', card: viewOf(sight.value, busy.has(name)) };
        }),
      });
    },
    async whileBusy(readerName, work) {
      busy.set(readerName, (busy.get(readerName) ?? 0) + 1);
      desk.publish({ type: 'card.changed' });
      try {
        return await work();
      } finally {
        const left = (busy.get(readerName) ?? 1) - 1;
        if (left === 0) busy.delete(readerName);
        else busy.set(readerName, left);
        seen.delete(readerName);
      }
    },
    forget(readerName) {
      if (readerName === null) seen.clear();
      else seen.delete(readerName);
    },
    holderOf(readerName) {
      const sight = seen.get(readerName);
      const bornOn = sight === undefined ? '' : (findCardCase(desk.db, serialsOf(sight))?.bornOn ?? '');
      return /^\d{4}-\d{2}-\d{2}$/.test(bornOn) ? { bornOn } : {};
    },
  };

  function viewOf(sight: CardSight, isBusy: boolean): NonNullable<ReaderView['card']> {
    const { atrHex, profile, chipSerialHex, cardSerial, life, tries } = sight;
    const certificates = sight.certificates.flatMap(({ key, der }) => certificateView(key, der));
    const found = findCardCase(
      desk.db,
      certificates.map(({ serial }) => serial),
    );
    const caseCardState = found?.card?.serial === cardSerial ? found.card.state : null;
    return {
      ...{ atrHex, profile, chipSerialHex, cardSerial, life, tries, certificates, isBusy },
      applicationId: found?.applicationId ?? null,
      actions: listCardActions({ profile, life, tries, caseCardState, isBusy }),
    };
  }

  function certificateView(key: CardCertificateView['key'], der: Uint8Array): CardCertificateView[] {
    const certificate = readCertificate(der);
    if (certificate === undefined) return [];
    return [
      {
        key,
        serial: certificate.serialNumber,
        holder: commonName(certificate.subject),
        issuer: commonName(certificate.issuer),
        notBeforeMs: certificate.validFromDate.getTime(),
        notAfterMs: certificate.validToDate.getTime(),
        status: standings.of(certificate.serialNumber),
      },
    ];
  }
}

export function serialsOf(sight: CardSight): string[] {
  return sight.certificates.flatMap(({ der }) => {
    const certificate = readCertificate(der);
    return certificate === undefined || !/^[0-9A-F]{8,40}$/.test(certificate.serialNumber) ? [] : [certificate.serialNumber];
  });
}

function commonName(distinguishedName: string): string {
  return /^CN=(.*)$/mu.exec(distinguishedName)?.[1] ?? '';
}
