import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wellKnown } from '../../../src/registry/index.ts';
import type { SimAnswer } from '../../../src/shared/registry-api/endpoints.ts';
import type { IssuedCertificate } from '../../../src/shared/registry-api/envelope.ts';
import { runRegistry, type TestRegistry } from './running.ts';
import { activation, dataOf, sendAndSign, type TestDesk } from './test-desk.ts';

const run = promisify(execFile);

/** OpenSSL is the judge: it shares no line with what made the certificates. */
async function openssl(...args: string[]): Promise<string> {
  const { stdout, stderr } = await run('openssl', args);
  return stdout + stderr;
}

describe('certificates, revocation list and OCSP as OpenSSL sees them', () => {
  let running: TestRegistry;
  let desk: TestDesk;
  let folder: string;
  let personal: readonly IssuedCertificate[];
  let business: readonly IssuedCertificate[];
  let personalCase: { applicationId: string; after: string };

  const save = (certificate: IssuedCertificate) => {
    const file = path.join(folder, `${certificate.serial}.pem`);
    const lines = certificate.der.match(/.{1,64}/gu) ?? [];
    writeFileSync(file, `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`);
    return file;
  };
  const text = (certificate: IssuedCertificate) =>
    openssl('x509', '-in', save(certificate), '-noout', '-text', '-nameopt', 'utf8,sep_comma_plus');
  const fetchList = async () => {
    const list = path.join(folder, 'list.der');
    writeFileSync(list, Buffer.from(await (await fetch(`${running.registry.publicUrl}/v1/crl`)).arrayBuffer()));
    return list;
  };
  const askOcsp = (certificate: IssuedCertificate) =>
    openssl(
      'ocsp',
      '-issuer',
      running.registry.ca.certificationCa,
      '-cert',
      save(certificate),
      '-CAfile',
      running.registry.ca.certificationCa,
      '-url',
      `${running.registry.publicUrl}/v1/ocsp`,
    );

  beforeAll(async () => {
    running = await runRegistry();
    desk = await running.enrol('desk-1');
    folder = mkdtempSync(path.join(tmpdir(), 'certificates-'));
    const first = await sendAndSign(desk, dataOf({ fin: 'QYD0001', phone: '+994500000001' }));
    personalCase = first;
    personal = first.sent.result.outcome === 'applied' ? (first.sent.result.certificates ?? []) : [];
    const second = await sendAndSign(
      desk,
      dataOf({ fin: 'QYD0002', phone: '+994510000002', kinds: ['BUS'], category: 'K3', voen: wellKnown.voen.privateLegal }),
    );
    business = second.sent.result.outcome === 'applied' ? (second.sent.result.certificates ?? []) : [];
  });
  afterAll(async () => {
    await running.stop();
    rmSync(folder, { recursive: true });
  });

  it('CR-11: openssl verify accepts every certificate of the authority', async () => {
    expect(personal).toHaveLength(2);
    for (const certificate of [...personal, ...business]) {
      expect(await openssl('verify', '-CAfile', running.registry.ca.certificationCa, save(certificate))).toContain('OK');
    }
  });

  it('CT-AUT CT-PER: subject and key usage follow the profile', async () => {
    const [authentication, signing] = personal;
    if (authentication === undefined || signing === undefined) throw new Error('Two certificates were expected.');
    const shown = await text(authentication);
    expect(shown).toContain('Subject: C=AZ,SN=QULİYEVA,GN=NURAY,CN=QULİYEVA NURAY QYD0001,serialNumber=PNOAZ-QYD0001');
    expect(shown).toContain('Issuer: CN=Qeyd Test CA,C=AZ');
    expect(shown).toMatch(/Key Usage: critical\s+Digital Signature\s/u);
    expect(shown).toContain('TLS Web Client Authentication');
    expect(shown).toContain(`OCSP - URI:${running.registry.publicUrl}/v1/ocsp`);
    const signingShown = await text(signing);
    expect(signingShown).toMatch(/Key Usage: critical\s+Non Repudiation\s/u);
    expect(signingShown).not.toContain('Extended Key Usage');
  });

  it('CR-21 CT-BUS M-30: a Business certificate names the organisation and a Personal one comes with it', async () => {
    expect(business.map((each) => each.kind)).toEqual(['AUT', 'PER', 'BUS']);
    const [, own, forFirm] = business;
    if (own === undefined || forFirm === undefined) throw new Error('Three certificates were expected.');
    const shown = await text(forFirm);
    expect(shown).toContain('O="Xəzər Sınaq" MMC,title=mütəxəssis');
    expect(shown).toContain('organizationIdentifier=VATAZ-0000012341');
    expect(await text(own)).not.toContain('VATAZ');
  });

  it('CR-20 T-02: validity is three years or the end of the service term, whichever is first', async () => {
    const { sent } = await sendAndSign(desk, dataOf({ fin: 'QYD0003', phone: '+994550000003', kinds: ['PER'] }));
    const [long] = sent.result.outcome === 'applied' ? (sent.result.certificates ?? []) : [];
    const end = new Date(long?.notBeforeMs ?? 0);
    end.setUTCFullYear(end.getUTCFullYear() + 3);
    expect(long).toMatchObject({ validityRule: 'three_years', notAfterMs: end.getTime() });
    expect(business[0]).toMatchObject({ validityRule: 'sim_service_term', notAfterMs: Date.parse('2027-06-30T19:59:59Z') });
  });

  it('CR-11: serials are those of the register', async () => {
    const answer = await desk.call<SimAnswer>('POST', '/v1/lookups/sim', {
      queryId: '0192f000-0000-7000-8000-000000000105',
      phone: '+994500000001',
      iccid: '8999401000000000018',
    });
    expect(answer.body.sim?.certificates.map((each) => each.serial)).toEqual(personal.map((each) => each.serial));
    for (const certificate of personal) {
      expect(await openssl('x509', '-in', save(certificate), '-noout', '-serial')).toContain(`serial=${certificate.serial}`);
    }
  });

  it('T-02: until activation the list and OCSP say certificateHold, afterwards they say good', async () => {
    const [certificate] = personal;
    if (certificate === undefined) throw new Error('A certificate was expected.');
    const before = await openssl(
      'crl',
      '-inform',
      'der',
      '-in',
      await fetchList(),
      '-noout',
      '-text',
      '-CAfile',
      running.registry.ca.certificationCa,
    );
    expect(before).toContain('verify OK');
    expect(before).toContain(certificate.serial);
    expect(before).toContain('Certificate Hold');
    const heldAnswer = await askOcsp(certificate);
    expect(heldAnswer).toContain('Response verify OK');
    expect(heldAnswer).toMatch(/: revoked[\s\S]*Reason: certificateHold/u);

    expect((await desk.intent(activation(desk, personalCase.applicationId, personalCase.after))).result.outcome).toBe('applied');
    const list = await fetchList();
    expect(await openssl('crl', '-inform', 'der', '-in', list, '-noout', '-text')).not.toContain(certificate.serial);
    const goodAnswer = await askOcsp(certificate);
    expect(goodAnswer).toContain('Response verify OK');
    expect(goodAnswer).toContain(': good');
    const listPem = path.join(folder, 'list.pem');
    await openssl('crl', '-inform', 'der', '-in', list, '-out', listPem);
    expect(
      await openssl('verify', '-crl_check', '-CAfile', running.registry.ca.certificationCa, '-CRLfile', listPem, save(certificate)),
    ).toContain('OK');
  });

  it('CR-11: a case refused before activation leaves its certificates revoked', async () => {
    const { applicationId, after, sent } = await sendAndSign(desk, dataOf({ fin: 'QYD0010', phone: '+994500000010' }));
    const refused = desk.command(
      'application.refuse',
      {
        applicationId,
        reasonCode: 'M-04',
        note: '',
        invalidityNote: false,
        returnedDocuments: [],
        summary: { category: 'K1', fin: 'QYD0010', surname: 'ORUCOV', givenName: 'ANAR' },
        lookUps: [],
      },
      'leyla',
      { desk_seq: desk.nextSeq(), after, base_rev: 1 },
    );
    const [result] = await desk.push([refused]);
    expect(result?.result).toMatchObject({
      outcome: 'applied',
      state: 'REFUSED',
      certificates: [{ state: 'REVOKED' }, { state: 'REVOKED' }],
    });
    const certificates = sent.result.outcome === 'applied' ? (sent.result.certificates ?? []) : [];
    const [certificate] = certificates;
    if (certificate === undefined) throw new Error('A certificate was expected.');
    expect(await askOcsp(certificate)).toMatch(/: revoked[\s\S]*Reason: cessationOfOperation/u);
    expect(await openssl('crl', '-inform', 'der', '-in', await fetchList(), '-noout', '-text')).toContain(certificate.serial);
  });

  it('says unknown of a serial that it never gave', async () => {
    const answer = await openssl(
      'ocsp',
      '-issuer',
      running.registry.ca.certificationCa,
      '-serial',
      '0x1234',
      '-CAfile',
      running.registry.ca.certificationCa,
      '-url',
      `${running.registry.publicUrl}/v1/ocsp`,
    );
    expect(answer).toContain(': unknown');
  });
});
