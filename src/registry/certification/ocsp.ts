import { Constructed, Enumerated, GeneralizedTime, OctetString, Primitive } from 'asn1js';
import {
  BasicOCSPResponse,
  Certificate,
  CertID,
  Extensions,
  OCSPRequest,
  OCSPResponse,
  ResponseBytes,
  SingleResponse,
  type Request,
} from 'pkijs';
import type { Registry } from '../registry.ts';
import { findStatus, type RevokedEntry } from './revocation-status.ts';

const oids = { basicResponse: '1.3.6.1.5.5.7.48.1.1', nonce: '1.3.6.1.5.5.7.48.1.2' } as const;
const malformedRequest = 1;
const requestsMax = 20;
/** An answer may be kept this long; a change is seen by everybody after it. */
const answerLifeMs = 10 * 60_000;

/** Answers good, revoked or unknown, signed by the authority itself. Source: RFC 6960 */
export async function answerOcsp(registry: Registry, body: Uint8Array): Promise<Uint8Array> {
  const request = parseRequest(body);
  if (request === null) return respond(malformedRequest, null);
  const authority = Certificate.fromBER(registry.authority.certificate.rawData);
  const statuses: SingleResponse[] = [];
  for (const each of request.tbsRequest.requestList) statuses.push(await answerOne(registry, authority, each));

  const basic = new BasicOCSPResponse();
  basic.tbsResponseData.responderID = authority.subject;
  basic.tbsResponseData.producedAt = new Date(registry.nowMs());
  basic.tbsResponseData.responses = statuses;
  const nonce = request.tbsRequest.requestExtensions?.find((extension) => extension.extnID === oids.nonce);
  if (nonce !== undefined) basic.tbsResponseData.responseExtensions = new Extensions({ extensions: [nonce] }).extensions;
  basic.certs = [authority];
  await basic.sign(registry.authority.signingKey as Parameters<BasicOCSPResponse['sign']>[0], 'SHA-256');
  return respond(0, new Uint8Array(basic.toSchema().toBER()));
}

function parseRequest(body: Uint8Array): OCSPRequest | null {
  try {
    const request = OCSPRequest.fromBER(body);
    const { requestList } = request.tbsRequest;
    return requestList.length > 0 && requestList.length <= requestsMax ? request : null;
  } catch {
    return null;
  }
}

async function answerOne(registry: Registry, authority: Certificate, request: Request): Promise<SingleResponse> {
  const asked = request.reqCert;
  const serial = Buffer.from(asked.serialNumber.valueBlock.valueHexView)
    .toString('hex')
    .toUpperCase()
    .replace(/^(?:00)+/u, '');
  const isOurs = await isIssuedBy(authority, asked);
  const status = isOurs ? await registry.store.read((session) => findStatus(session, serial)) : 'unknown';
  const response = new SingleResponse({ certID: asked });
  response.certStatus = encodeStatus(status);
  response.thisUpdate = new Date(registry.nowMs());
  response.nextUpdate = new Date(registry.nowMs() + answerLifeMs);
  return response;
}

/** The request names the issuer by hashes of its name and key, with an algorithm that the asker chose. */
async function isIssuedBy(authority: Certificate, asked: CertID): Promise<boolean> {
  const algorithm = hashNames[asked.hashAlgorithm.algorithmId];
  if (algorithm === undefined) return false;
  const own = new CertID();
  await own.createForCertificate(authority, { hashAlgorithm: algorithm, issuerCertificate: authority });
  return isSame(own.issuerNameHash, asked.issuerNameHash) && isSame(own.issuerKeyHash, asked.issuerKeyHash);
}

const hashNames: Readonly<Record<string, string>> = { '1.3.14.3.2.26': 'SHA-1', '2.16.840.1.101.3.4.2.1': 'SHA-256' };

function isSame(one: OctetString, other: OctetString): boolean {
  return Buffer.from(one.valueBlock.valueHexView).equals(Buffer.from(other.valueBlock.valueHexView));
}

const contextClass = 3;

function encodeStatus(status: 'good' | 'unknown' | RevokedEntry): Primitive | Constructed {
  if (status === 'good') return new Primitive({ idBlock: { tagClass: contextClass, tagNumber: 0 }, lenBlock: { length: 1 } });
  if (status === 'unknown') return new Primitive({ idBlock: { tagClass: contextClass, tagNumber: 2 }, lenBlock: { length: 1 } });
  return new Constructed({
    idBlock: { tagClass: contextClass, tagNumber: 1 },
    value: [
      new GeneralizedTime({ valueDate: new Date(status.atMs) }),
      new Constructed({ idBlock: { tagClass: contextClass, tagNumber: 0 }, value: [new Enumerated({ value: status.reasonCode })] }),
    ],
  });
}

function respond(status: number, basic: Uint8Array | null): Uint8Array {
  const response = new OCSPResponse();
  response.responseStatus = new Enumerated({ value: status });
  if (basic !== null) {
    response.responseBytes = new ResponseBytes({ responseType: oids.basicResponse, response: new OctetString({ valueHex: basic }) });
  }
  return new Uint8Array(response.toSchema().toBER());
}
